/** The console token of a relay, which is a setting and a secret. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import { assert, it } from "vitest"
import { run } from "./gentask.ts"
import { newFolder } from "./project.ts"

const consoleToken = "console-token-0123456789"

it("is used to reconcile, and is neither printed nor recorded", async () => {
  const cwd = newFolder()
  await using emulator = await startEmulator({ submits: { sora: { consoleToken } } })
  writeFileSync(
    join(cwd, "gentask.config.json"),
    JSON.stringify({ providers: { sora: { baseUrl: emulator.url, consoleToken, consoleUser: "1" } } })
  )
  const env = { SORA_API_KEY: emulator.apiKey, XDG_STATE_HOME: join(cwd, "state") }
  const expectHidden = async (status: number, ...args: ReadonlyArray<string>): Promise<string> => {
    const result = await run(args, { cwd, env })
    assert.strictEqual(result.status, status, result.stderr)
    assert.notInclude(result.stdout + result.stderr, consoleToken)
    return result.stdout
  }
  const submit = ["submit", "sora", "sora-2", "-p", "A fox", "--json"]
  await expectHidden(0, ...submit, "--dry-run")
  emulator.scriptSubmits("sora", { faults: [{ fault: "reset-after-task" }] })
  await expectHidden(7, ...submit)
  assert.include(await expectHidden(0, "reconcile", "--json"), '"result":"accepted"')
  await expectHidden(0, "query", `sora:${emulator.tasks()[0]?.id}`, "--raw")
  await expectHidden(0, "providers", "--json")
  const state = join(cwd, "state", "gentask")
  assert.isTrue(existsSync(join(state, "ledger.db")))
  for (const name of readdirSync(state))
    assert.notInclude(readFileSync(join(state, name), "latin1"), consoleToken)
})
