import { readdirSync } from "node:fs"
import { afterAll, assert, beforeAll, describe, it, vi } from "vitest"
import { hasPostgres, skipReason, startPostgres } from "@gentask/tooling/postgres"
import type { PostgresServer } from "@gentask/tooling/postgres"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, run } from "./gentask.ts"
import { newFolder } from "./project.ts"
import { onlyJimmy, startTestTracker } from "./trackers.ts"

const fixture = useEmulator()
const token = "a-token-of-both-machines"

describe.skipIf(!hasPostgres)(`gentask serve on Postgres${skipReason}`, () => {
  let postgres: PostgresServer | undefined
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.close())

  it("runs on two machines, one of which continues the tasks of the other after kill -9", async () => {
    const database = await postgres?.createDatabase()
    const vendors = {
      ...onlyJimmy(fixture.env),
      GENTASK_DATABASE_URL: database ?? "",
      GENTASK_TOKEN: token
    }
    const dir = newFolder()
    const startOne = (port: number) =>
      startTestTracker(vendors, ["--runner", `127.0.0.1:${port}`, "--listen", "127.0.0.1:0", "--dir", dir])
    await using first = await startOne(45_371)
    await using second = await startOne(45_372)
    assert.notInclude(first.process.stderr() + second.process.stderr(), "postgres://")
    fixture.emulator.scriptSubmits("jimmy", { task: { runningFor: 3000 } })
    const on = (tracker: { readonly url: string }) => ({
      env: { GENTASK_SERVER: tracker.url, GENTASK_TOKEN: token, XDG_STATE_HOME: newFolder() }
    })
    const submitted = await run(["submit", "jimmy", "gpt-image-2", "-p", "A fox"], on(first))
    const [ref = ""] = linesOf(submitted.stdout)
    const owner = await vi.waitFor(async () => {
      const response = await fetch(`${first.url}/v1/accounts`, {
        headers: { authorization: `Bearer ${token}` }
      })
      const text = await response.text()
      const found = /127\.0\.0\.1:4537[12]/.exec(text)?.[0]
      assert.isDefined(found, `${text}\n${first.process.stderr()}\n${second.process.stderr()}`)
      return found
    }, 15_000)
    const [owning, other] = owner.endsWith("1") ? [first, second] : [second, first]
    await owning[Symbol.asyncDispose]()
    const out = newFolder()
    const waited = await run(["wait", ref, "--save", out, "--timeout", "60s"], on(other))
    assert.strictEqual(waited.status, 0, waited.stderr)
    assert.lengthOf(readdirSync(out), 2)
    const [task] = jsonLinesOf((await run(["list", "--json"], on(other))).stdout)
    assert.deepInclude(task, { ref, status: "succeeded", fileCount: 1 })
    other.process.child.kill("SIGTERM")
    assert.strictEqual((await other.process.result).status, 0)
  })
})
