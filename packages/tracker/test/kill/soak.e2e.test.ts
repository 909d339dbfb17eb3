import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { hasPostgres, skipReason, startPostgres } from "@gentask/tooling/postgres"
import type { PostgresServer } from "@gentask/tooling/postgres"
import { noViolations } from "./checkInvariants.ts"
import { runSoak } from "./soak.ts"

describe.skipIf(!hasPostgres)(`three trackers that are killed, and a vendor with faults${skipReason}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  it("lose and repeat nothing", { timeout: 180_000 }, async () => {
    const report = await runSoak({
      server,
      taskCount: 100,
      runnerCount: 3,
      killEveryMs: 2500,
      maxKills: 2,
      timeoutMs: 120_000
    })
    console.log(report)
    expect(report).toMatchObject(noViolations)
  })
})
