import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { jsonLinesOf, linesOf, newFolder, onlyJsonOf, run, secretKey } from "./support.ts"

let emulator: Emulator

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: secretKey })
})
afterAll(() => emulator.close())

/** A project with a configuration file, and a folder inside it to work in. */
const project = (name: string, content: string): { readonly root: string; readonly cwd: string } => {
  const root = newFolder()
  const cwd = join(root, "deep", "inside")
  mkdirSync(cwd, { recursive: true })
  writeFileSync(join(root, "package.json"), "{}")
  writeFileSync(join(root, name), content)
  return { root, cwd }
}

/** A configuration folder of a user's own. */
const ownConfiguration = (content: string): string => {
  const folder = newFolder()
  mkdirSync(join(folder, "gentask"))
  writeFileSync(join(folder, "gentask", "config.json"), content)
  return folder
}

const baseUrlsOf = async (options: Parameters<typeof run>[1]): Promise<ReadonlyArray<unknown>> => {
  const { stdout } = await run(["providers", "--json"], options)
  return jsonLinesOf(stdout)
    .filter((line) => line["provider"] === "jimmy")
    .map(({ account, baseUrl, key }) => ({ account, baseUrl, ...(key as object) }))
}

describe("configuration, strongest first", () => {
  const user = JSON.stringify({
    providers: { jimmy: { baseUrl: "https://user.example.com", apiKey: secretKey } }
  })
  const file = JSON.stringify({ providers: { jimmy: { baseUrl: "https://project.example.com" } } })

  it("takes the user's own file where nothing else speaks", async () => {
    const env = { XDG_CONFIG_HOME: ownConfiguration(user) }
    assert.deepStrictEqual(await baseUrlsOf({ env }), [
      { account: "jimmy", baseUrl: "https://user.example.com", variable: "JIMMY_API_KEY", found: true }
    ])
  })

  it("takes the project's file over it, and the environment over both", async () => {
    const { cwd } = project("gentask.config.json", file)
    const env = { XDG_CONFIG_HOME: ownConfiguration(user) }
    const [withProject] = await baseUrlsOf({ env, cwd })
    assert.deepStrictEqual(withProject, {
      account: "jimmy",
      baseUrl: "https://project.example.com",
      variable: "JIMMY_API_KEY",
      found: true
    })
    const [withBoth] = await baseUrlsOf({ env: { ...env, JIMMY_BASE_URL: "https://env.example.com" }, cwd })
    assert.strictEqual((withBoth as { baseUrl: string }).baseUrl, "https://env.example.com")
    const [withEndpoint] = await baseUrlsOf({ env: { ...env, JIMMY_ENDPOINT: "jimmy" }, cwd })
    assert.strictEqual((withEndpoint as { baseUrl: string }).baseUrl, "https://www.jimmyai.cn")
  })

  it("reads a TypeScript file, with further accounts, other key variables and settings", async () => {
    const film = emulator.addTask({ vendor: "jimmy", kind: "video" })
    const { cwd } = project(
      "gentask.config.ts",
      `const baseUrl: string = ${JSON.stringify(emulator.url)}
       export default { providers: { jimmy: { accounts: { films: { baseUrl, kind: "video", apiKeyVariable: "FILM_KEY" } } } } }`
    )
    const { status, stdout, stderr } = await run(["query", "--json", `jimmy@films:${film.id}`], {
      cwd,
      env: { FILM_KEY: secretKey }
    })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    assert.strictEqual(onlyJsonOf(stdout)["status"], "succeeded")
    const keyless = await run(["query", `jimmy@films:${film.id}`], { cwd })
    assert.strictEqual(keyless.status, 4)
    assert.include(keyless.stderr, "Set the environment variable FILM_KEY")
  })

  it("takes timeout, interval and out from a file, where the command line does not say", async () => {
    const { id } = emulator.addTask({ vendor: "jimmy", end: "never" })
    const { cwd } = project(
      "gentask.config.json",
      JSON.stringify({ timeout: "300ms", interval: "100ms", out: "kept" })
    )
    const env = { JIMMY_API_KEY: secretKey, JIMMY_BASE_URL: emulator.url }
    const late = await run(["wait", `jimmy:${id}`], { cwd, env })
    assert.strictEqual(late.status, 3)
    assert.include(late.stderr, `To go on: gentask wait jimmy:${id}\n`)
    const done = emulator.addTask({ vendor: "jimmy" })
    const saved = await run(["save", `jimmy:${done.id}`], { cwd, env })
    assert.include(saved.stdout, join(cwd, "kept", `jimmy_${done.id}.png`))
  })

  it("reads no file under GENTASK_NO_CONFIG", async () => {
    const { cwd } = project("gentask.config.json", "not json")
    assert.strictEqual((await run(["providers"], { cwd, env: { GENTASK_NO_CONFIG: "1" } })).status, 0)
  })
})

describe("a wrong configuration file answers 2 and says what is wrong", () => {
  const wrong = [
    [
      "no JSON",
      "gentask.config.json",
      `{ "providers": { "jimmy": ${secretKey} } }`,
      /cannot be read: it is no valid JSON/
    ],
    [
      "an unknown word",
      "gentask.config.json",
      '{ "provider": {} }',
      /is wrong: "provider" means nothing here; it may hold plugins, providers, timeout, interval, out and history\.$/m
    ],
    [
      "an unknown provider",
      "gentask.config.json",
      '{ "providers": { "jimy": {} } }',
      /at providers: "jimy" means nothing here\. The providers are jimmy, sora, jimeng, aigptimage\. To add one, /
    ],
    [
      "a wrong type",
      "gentask.config.json",
      '{ "providers": { "jimmy": { "baseUrl": 1 } } }',
      /is wrong at providers\.jimmy\.baseUrl: /
    ],
    [
      "a wrong length of time",
      "gentask.config.json",
      '{ "timeout": "soon" }',
      /is wrong at timeout: it must be like 10m, /
    ],
    [
      "a key in a project's file",
      "gentask.config.mjs",
      `export default { providers: { jimmy: { apiKey: "${secretKey}" } } }`,
      /holds a key at providers\.jimmy\.apiKey, and a project's files are shared/
    ],
    ["no default export", "gentask.config.mjs", "export const providers = {}", /has no default export/],
    ["a syntax error", "gentask.config.mjs", "export default {", /cannot be read: /]
  ] as const

  it.each(wrong)("%s", async (_, name, content, sentence) => {
    const { root, cwd } = project(name, content)
    const { status, stdout, stderr } = await run(["query", "--json", "jimmy:1"], { cwd })
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.include(stderr, `gentask: The configuration file ${join(root, name)} `)
    assert.match(stderr, sentence)
    assert.lengthOf(linesOf(stderr), 1)
  })

  it("two of them in one folder", async () => {
    const { root, cwd } = project("gentask.config.json", "{}")
    writeFileSync(join(root, "gentask.config.ts"), "export default {}")
    const { status, stderr } = await run(["providers"], { cwd })
    assert.strictEqual(status, 2)
    assert.include(stderr, "gentask.config.ts, gentask.config.json. Keep one of them.")
  })

  it("a wrong setting, told by the provider when its account is used", async () => {
    const { cwd } = project("gentask.config.json", '{ "providers": { "jimmy": { "kin": "video" } } }')
    const { status, stderr } = await run(["query", "jimmy:1"], { cwd, env: { JIMMY_API_KEY: secretKey } })
    assert.strictEqual(status, 2)
    assert.include(stderr, 'gentask: jimmy:1: The settings of jimmy are wrong: Unrecognized key: "kin".')
  })
})
