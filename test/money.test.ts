import { expect, it } from "vitest"
import { memoryLedger } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import { checkMoney } from "./checkMoney.ts"
import { money } from "./money.ts"

it(
  "creates at most one task for each submit and loses none, while more than 30 % of the requests are disturbed and processes are killed",
  { timeout: 120_000 },
  async () => {
    const report = await money({ count: 150, seed: 7, rate: 0.4, kills: 3 })
    expect(report).toMatchObject({ submits: 150, missing: 0, problems: [] })
    expect(report.faults / report.posts).toBeGreaterThanOrEqual(0.3)
    expect(report.killed).toBeGreaterThanOrEqual(1)
    expect(report.named + report.unknown).toBe(report.tasks)
    expect(report.reconciled["accepted"]).toBeGreaterThan(0)
  }
)

it("reports a second task, a request after an ambiguous one, and tasks that the ledger does not have", async () => {
  await using emulator = await startEmulator()
  const post = (prompt: string): Promise<unknown> =>
    fetch(`${emulator.url}/api/open-api/v1/images`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-image-2", prompt })
    }).catch(() => undefined)
  await post("Fox number 1, in the snow")
  await post("Fox number 1, in the snow")
  emulator.scriptSubmits("jimmy", { faults: [{ fault: "reset-before-task" }] })
  await post("Fox number 2, in the snow")
  await post("Fox number 2, in the snow")
  const { problems } = checkMoney(emulator, await memoryLedger().intents(), 4)
  expect(problems).toMatchObject([
    "submit 1 made 2 tasks",
    "submit 1 was sent again after an ambiguous request",
    "submit 2 was sent again after an ambiguous request",
    expect.stringMatching(/^task .* of submit 1 is not in the ledger$/),
    expect.stringMatching(/^task .* of submit 1 is not in the ledger$/),
    expect.stringMatching(/^task .* of submit 2 is not in the ledger$/)
  ])
})
