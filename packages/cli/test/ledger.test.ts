import { existsSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { openLedger } from "@gentask/ledger"
import type { LedgerTask } from "@gentask/ledger"
import { assert, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { linesOf, run } from "./gentask.ts"
import type { RunOptions } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()

const group = (): string => `jimmy@jimmy ${new URL(fixture.emulator.url).host} painter-1`

const ledgerPath = (state: string): string => join(state, "gentask", "ledger.db")

interface Recorded {
  readonly tasks: ReadonlyArray<LedgerTask>
  /** How many durations are recorded for the group. */
  readonly durations: number
}

const read = async (state: string): Promise<Recorded> => {
  await using ledger = await openLedger({ path: ledgerPath(state) })
  const { tasks } = await ledger.list()
  return { tasks, durations: ledger.durations.get(group())?.ages.length ?? 0 }
}

/** Runs a command on a new task, and returns its ref. */
const runOnce = async (
  state: string,
  args: ReadonlyArray<string>,
  options: RunOptions = {}
): Promise<string> => {
  const { id } = fixture.emulator.addTask({
    vendor: "jimmy",
    runningFor: args[0] === "save" ? 0 : 2500,
    model: "painter-1"
  })
  const env = { ...fixture.env, XDG_STATE_HOME: state, ...options.env }
  const { status, stderr } = await run([...args, `jimmy:${id}`], { ...options, env })
  assert.strictEqual(status, 0, stderr)
  return `jimmy:${id}`
}

describe("the ledger", () => {
  it("records the tasks of query, wait, watch and save, and the durations of wait and watch", async () => {
    const state = newFolder()
    const out = newFolder()
    const queried = await runOnce(state, ["query"])
    assert.strictEqual((await read(state)).durations, 0)
    const waited = await runOnce(state, ["wait", "--interval", "100ms"])
    const watched = await runOnce(state, ["watch", "--interval", "100ms"])
    const saved = await runOnce(state, ["save", "-o", out])
    const { tasks, durations } = await read(state)
    assert.strictEqual(durations, 2)
    assert.deepStrictEqual(
      tasks.map(({ ref, status, model, fileCount }) => ({ ref, status, model, fileCount })),
      [
        { ref: saved, status: "succeeded", model: "painter-1", fileCount: 1 },
        { ref: watched, status: "succeeded", model: "painter-1", fileCount: 0 },
        { ref: waited, status: "succeeded", model: "painter-1", fileCount: 0 },
        { ref: queried, status: "running", model: "painter-1", fileCount: 0 }
      ]
    )
  })

  it("imports the durations of earlier versions", async () => {
    const state = newFolder()
    await mkdir(join(state, "gentask"))
    const groups = { [group()]: { ages: [[1000, 2000, 1]], shares: [] } }
    await writeFile(join(state, "gentask", "durations.json"), JSON.stringify({ version: 1, groups }))
    await runOnce(state, ["wait", "--interval", "100ms"])
    assert.strictEqual((await read(state)).durations, 2)
  })

  it.each<[string, ReadonlyArray<string>, Readonly<Record<string, string>>, string]>([
    ["--no-ledger", ["--no-ledger"], {}, "{}"],
    ["GENTASK_NO_HISTORY", [], { GENTASK_NO_HISTORY: "1" }, "{}"],
    ["history: false", [], {}, '{ "history": false }']
  ])("is not used with %s", async (_, flags, env, config) => {
    const cwd = newFolder()
    await writeFile(join(cwd, "gentask.config.json"), config)
    const state = newFolder()
    await runOnce(state, ["query", ...flags], { cwd, env })
    await runOnce(state, ["wait", "--interval", "100ms", ...flags], { cwd, env })
    assert.isFalse(existsSync(ledgerPath(state)))
  })

  it.each(["query", "wait"])("that cannot be opened is a warning of %s", async (command) => {
    const state = newFolder()
    await mkdir(ledgerPath(state), { recursive: true })
    const { id } = fixture.emulator.addTask({ vendor: "jimmy" })
    const env = { ...fixture.env, XDG_STATE_HOME: state }
    const { status, stdout, stderr } = await run([command, `jimmy:${id}`], { env })
    assert.strictEqual(status, 0, stderr)
    assert.include(stdout, `jimmy:${id}  succeeded`)
    const warnings = linesOf(stderr).filter((line) => line.startsWith("gentask: warning: Ledger "))
    assert.lengthOf(warnings, 1)
    assert.include(warnings[0], "This run is not recorded")
  })
})
