import { existsSync } from "node:fs"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { secretKey, useEmulator } from "./emulator.ts"
import { run } from "./gentask.ts"
import type { RunOptions } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()

/** Runs a command on a new task. Returns the content of the history, if it exists. */
const runOnce = async (
  state: string,
  options: RunOptions = {},
  args: ReadonlyArray<string> = ["wait", "--interval", "100ms"]
): Promise<string | undefined> => {
  const { id } = fixture.emulator.addTask({
    vendor: "jimmy",
    runningFor: 2500,
    model: "painter-1",
    prompt: "a private prompt"
  })
  const env = { ...fixture.env, XDG_STATE_HOME: state, ...options.env }
  const { status, stderr } = await run([...args, `jimmy:${id}`], { ...options, env })
  assert.strictEqual(status, 0, stderr)
  const path = join(state, "gentask", "durations.json")
  if (!existsSync(path)) return undefined
  const text = await readFile(path, "utf8")
  for (const secret of [id, secretKey, "a private prompt"]) assert.notInclude(text, secret)
  return text
}

const countsOf = (text = "{}"): Readonly<Record<string, number>> => {
  const { groups = {} } = JSON.parse(text) as {
    readonly groups?: Readonly<Record<string, { readonly ages: ReadonlyArray<unknown> }>>
  }
  return Object.fromEntries(Object.entries(groups).map(([group, { ages }]) => [group, ages.length]))
}

describe("the duration history", () => {
  const group = (): string => `jimmy@jimmy ${new URL(fixture.emulator.url).host} painter-1`

  it("is recorded by wait and watch, in the user's state folder", async () => {
    const state = newFolder()
    assert.deepStrictEqual(countsOf(await runOnce(state)), { [group()]: 1 })
    assert.deepStrictEqual(countsOf(await runOnce(state, {}, ["watch", "--interval", "100ms"])), {
      [group()]: 2
    })
  })

  it("is not recorded by query, or if GENTASK_NO_HISTORY is set", async () => {
    const state = newFolder()
    assert.isUndefined(await runOnce(state, {}, ["query"]))
    assert.isUndefined(await runOnce(state, { env: { GENTASK_NO_HISTORY: "1" } }))
  })

  it("is not recorded if a configuration file disables it", async () => {
    const cwd = newFolder()
    await writeFile(join(cwd, "gentask.config.json"), '{ "history": false }')
    assert.isUndefined(await runOnce(newFolder(), { cwd }))
  })

  it("is ignored if it cannot be read or written", async () => {
    const state = newFolder()
    await mkdir(join(state, "gentask", "durations.json"), { recursive: true })
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", runningFor: 300 })
    const env = { ...fixture.env, XDG_STATE_HOME: state }
    const { status, stderr } = await run(["wait", "--interval", "100ms", `jimmy:${id}`], { env })
    assert.strictEqual(status, 0, stderr)
    assert.notInclude(stderr, "durations")
  })
})
