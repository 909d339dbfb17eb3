import { existsSync } from "node:fs"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { newFolder, pointedAt, run, secretKey } from "./support.ts"
import type { RunOptions } from "./support.ts"

let emulator: Emulator
beforeAll(async () => void (emulator = await startEmulator({ apiKey: secretKey })))
afterAll(() => emulator.close())

/** Waits for a new task; answers the file of durations, if there is one then. */
const waitOnce = async (
  state: string,
  options: RunOptions = {},
  words: ReadonlyArray<string> = ["wait", "--interval", "100ms"]
): Promise<string | undefined> => {
  const { id } = emulator.addTask({
    vendor: "jimmy",
    runningFor: 2500,
    model: "painter-1",
    prompt: "a secret wish"
  })
  const env = { ...pointedAt(emulator), XDG_STATE_HOME: state, ...options.env }
  const { status, stderr } = await run([...words, `jimmy:${id}`], { ...options, env })
  assert.strictEqual(status, 0, stderr)
  const path = join(state, "gentask", "durations.json")
  if (!existsSync(path)) return undefined
  const text = await readFile(path, "utf8")
  for (const kept of [id, secretKey, "a secret wish"]) assert.notInclude(text, kept)
  return text
}

const endsOf = (text = "{}"): Readonly<Record<string, number>> => {
  const { groups = {} } = JSON.parse(text) as {
    readonly groups?: Readonly<Record<string, { readonly ages: ReadonlyArray<unknown> }>>
  }
  return Object.fromEntries(Object.entries(groups).map(([group, { ages }]) => [group, ages.length]))
}

describe("how long tasks took", () => {
  const group = (): string => `jimmy@jimmy ${new URL(emulator.url).host} painter-1`

  it("is remembered from run to run by wait and watch, in the user's state folder", async () => {
    const state = newFolder()
    assert.deepStrictEqual(endsOf(await waitOnce(state)), { [group()]: 1 })
    assert.deepStrictEqual(endsOf(await waitOnce(state, {}, ["watch", "--interval", "100ms"])), {
      [group()]: 2
    })
  })

  it("is not remembered by query, and not under GENTASK_NO_HISTORY", async () => {
    const state = newFolder()
    assert.isUndefined(await waitOnce(state, {}, ["query"]))
    assert.isUndefined(await waitOnce(state, { env: { GENTASK_NO_HISTORY: "1" } }))
  })

  it("is not remembered where a configuration file says so", async () => {
    const cwd = newFolder()
    await writeFile(join(cwd, "gentask.config.json"), '{ "history": false }')
    assert.isUndefined(await waitOnce(newFolder(), { cwd }))
  })

  it("stops nobody where it cannot be read or written", async () => {
    const state = newFolder()
    await mkdir(join(state, "gentask", "durations.json"), { recursive: true })
    const { id } = emulator.addTask({ vendor: "jimmy", runningFor: 300 })
    const env = { ...pointedAt(emulator), XDG_STATE_HOME: state }
    const { status, stderr } = await run(["wait", "--interval", "100ms", `jimmy:${id}`], { env })
    assert.strictEqual(status, 0, stderr)
    assert.notInclude(stderr, "durations")
  })
})
