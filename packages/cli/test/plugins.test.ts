import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { dependingOn, newProject, pluginSource, providerPackage, writeFiles } from "./project.ts"
import { jsonLinesOf, newFolder, onlyJsonOf, pointedAt, run, secretKey } from "./support.ts"
import type { RunOptions } from "./support.ts"

let emulator: Emulator
let env: Record<string, string>
/** The id of a task that the emulator has. */
let id: string

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: secretKey })
  env = { ...pointedAt(emulator), ACME_API_KEY: secretKey, ACME_BASE_URL: emulator.url }
  id = emulator.addTask({ vendor: "jimmy" }).id
})
afterAll(() => emulator.close())

const modelOf = async (ref: string, options: RunOptions): Promise<unknown> => {
  const { status, stdout, stderr } = await run(["query", "--json", ref], { env, ...options })
  assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  return onlyJsonOf(stdout)["model"]
}

const config = (content: object): object => ({ "gentask.config.json": content })

describe("a plugin that the configuration names can be asked", () => {
  it("as TypeScript, by a path that begins at the configuration file", async () => {
    const root = newProject({
      "package.json": {},
      "gentask.config.ts":
        'export default { plugins: { acme: "./plugins/acme plugin #1.ts" } satisfies object }',
      "plugins/acme plugin #1.ts": `import { title } from "./title.ts"\nconst name: string = title\n${pluginSource(
        "acme",
        { members: "title: name" }
      )}`,
      "plugins/title.ts": 'export const title: string = "Typed"',
      "deep/.keep": ""
    })
    assert.strictEqual(await modelOf(`acme:${id}`, { cwd: join(root, "deep") }), "The vendor acme")
    const { stdout } = await run(["providers", "--json"], { cwd: root, env })
    const { title, version, source } = jsonLinesOf(stdout).at(-1) ?? {}
    assert.deepStrictEqual(
      { title, version, source },
      {
        title: "Typed",
        version: null,
        source: { kind: "configuration", package: null, path: join(root, "plugins/acme plugin #1.ts") }
      }
    )
  })

  it("by an absolute path", async () => {
    const elsewhere = newProject({ "acme.mjs": pluginSource("acme") })
    const plugins = { acme: join(elsewhere, "acme.mjs") }
    const cwd = newProject({ "package.json": {}, ...config({ plugins }) })
    assert.strictEqual(await modelOf(`acme:${id}`, { cwd }), "The vendor acme")
  })

  it("as a package that nothing depends on and that says nothing of gentask, and as a part of one", async () => {
    const cwd = newProject({
      "package.json": {},
      "node_modules/@me/plain/package.json": {
        version: "3.0.0",
        type: "module",
        exports: { ".": "./index.js", "./extra": { import: "./extra.js" } }
      },
      "node_modules/@me/plain/index.js": pluginSource("acme"),
      "node_modules/@me/plain/extra.js": pluginSource("extra"),
      ...config({ plugins: { acme: "@me/plain", extra: "@me/plain/extra" } })
    })
    assert.strictEqual(await modelOf(`acme:${id}`, { cwd }), "The vendor acme")
    const { stdout } = await run(["providers", "--json"], { cwd, env })
    const path = join(cwd, "node_modules/@me/plain")
    assert.deepStrictEqual(
      jsonLinesOf(stdout)
        .slice(-2)
        .map(({ provider, version, source, problem }) => ({ provider, version, source, problem })),
      [
        {
          provider: "acme",
          version: "3.0.0",
          source: { kind: "configuration", package: "@me/plain", path },
          problem: null
        },
        {
          provider: "extra",
          version: "3.0.0",
          source: { kind: "configuration", package: "@me/plain/extra", path },
          problem: null
        }
      ]
    )
  })

  it("with accounts of its own in the same file", async () => {
    const cwd = newProject({
      "package.json": {},
      "acme.mjs": pluginSource("acme"),
      ...config({
        plugins: { acme: "./acme.mjs" },
        providers: { acme: { accounts: { films: { baseUrl: emulator.url, apiKeyVariable: "FILM_KEY" } } } }
      })
    })
    const options = { cwd, env: { FILM_KEY: secretKey } }
    assert.strictEqual(await modelOf(`acme@films:${id}`, options), "The vendor acme")
  })

  it("in the user's own file, unless the project's file names another", async () => {
    const home = newFolder()
    writeFiles(home, {
      "gentask/config.json": { plugins: { acme: "./mine.mjs", other: "other" } },
      "gentask/mine.mjs": pluginSource("acme", { title: "The user's" }),
      ...Object.fromEntries(
        Object.entries(providerPackage("other", "other")).map(([path, file]) => [`gentask/${path}`, file])
      )
    })
    const own = { ...env, XDG_CONFIG_HOME: home, OTHER_API_KEY: secretKey, OTHER_BASE_URL: emulator.url }
    const empty = newProject({ "package.json": {} })
    assert.strictEqual(await modelOf(`acme:${id}`, { cwd: empty, env: own }), "The user's")
    assert.strictEqual(await modelOf(`other:${id}`, { cwd: empty, env: own }), "The vendor other")
    const project = newProject({
      "package.json": {},
      "acme.mjs": pluginSource("acme", { title: "The project's" }),
      ...config({ plugins: { acme: "./acme.mjs" } })
    })
    assert.strictEqual(await modelOf(`acme:${id}`, { cwd: project, env: own }), "The project's")
  })
})

describe("a configuration of a provider", () => {
  it("is accepted where it is a dependency", async () => {
    const cwd = newProject({
      ...dependingOn("acme"),
      ...providerPackage("acme", "acme"),
      ...config({ providers: { acme: { baseUrl: emulator.url, apiKeyVariable: "MY_KEY" } } })
    })
    assert.strictEqual(await modelOf(`acme:${id}`, { cwd, env: { MY_KEY: secretKey } }), "The vendor acme")
  })

  it("is accepted where the provider cannot be used", async () => {
    const cwd = newProject({
      ...dependingOn("acme"),
      ...providerPackage("acme", "acme", "throw 1"),
      ...config({ providers: { acme: { endpoint: "other" } } })
    })
    assert.isString(await modelOf(`jimmy:${id}`, { cwd }))
  })

  it("is a mistake in the project's file where there is none, with what may be missing", async () => {
    const cwd = newProject({ ...dependingOn("gentask-acme"), ...config({ providers: { acme: {} } }) })
    const { status, stdout, stderr } = await run(["query", `jimmy:${id}`], { cwd, env })
    assert.deepStrictEqual(
      { status, stdout, stderr },
      {
        status: 2,
        stdout: "",
        stderr:
          `gentask: The configuration file ${join(cwd, "gentask.config.json")} is wrong at providers: "acme" means nothing here. ` +
          "The providers are jimmy, sora, jimeng, aigptimage. " +
          "To add one, install its package in this project (npm install), or name it under plugins in gentask.config.json. " +
          `The dependency gentask-acme of ${join(cwd, "package.json")} is not installed. If it is a provider, run: npm install\n`
      }
    )
  })

  it("may be in the user's own file where there is none, since another project may have it", async () => {
    const home = newFolder()
    writeFiles(home, { "gentask/config.json": { providers: { acme: { endpoint: "other" } } } })
    const own = { ...env, XDG_CONFIG_HOME: home }
    assert.isString(await modelOf(`jimmy:${id}`, { env: own }))
    const { stdout } = await run(["providers", "--json"], { env: own })
    const { provider, source, problem } = jsonLinesOf(stdout).at(-1) ?? {}
    const path = join(home, "gentask/config.json")
    assert.deepStrictEqual(
      { provider, source, problem },
      {
        provider: "acme",
        source: { kind: "configuration", package: null, path },
        problem:
          `${path} holds accounts of acme, and there is no such provider here. The providers are jimmy, sora, jimeng, aigptimage. ` +
          "To add one, install its package in this project (npm install), or name it under plugins in gentask.config.json."
      }
    )
  })
})

describe("a plugin that cannot be used stops its own tasks alone", () => {
  const wrong = [
    [
      "a path to nothing",
      "./acme.ts",
      "There is no file ROOT/acme.ts, which plugins in ROOT/gentask.config.json names for acme. Mend the path there: it begins at that file's folder."
    ],
    [
      "a path without its dot",
      "acme.ts",
      "The package acme.ts, which plugins in ROOT/gentask.config.json names for acme, is not installed. Run: npm install acme.ts, or write ./acme.ts if it is a file"
    ],
    [
      "a package that is not installed",
      "@me/acme/extra",
      "The package @me/acme, which plugins in ROOT/gentask.config.json names for acme, is not installed. Run: npm install @me/acme"
    ],
    [
      "a folder",
      "./node_modules",
      "There is no file ROOT/node_modules, which plugins in ROOT/gentask.config.json names for acme. Mend the path there: it begins at that file's folder."
    ],
    [
      "TypeScript that Node cannot strip",
      "./enum.ts",
      "The file ROOT/enum.ts cannot be imported: TypeScript enum is not supported in strip-only mode. Mend it, or remove it."
    ],
    [
      "a provider of another id",
      "./other.mjs",
      'The file ROOT/other.mjs is the provider "other" by its spec, and "acme" by plugins in ROOT/gentask.config.json. Let both say the same.'
    ],
    [
      "a package of another contract",
      "newer",
      "The package newer 1.2.0 is built for version 2 of the plugin contract, and this gentask speaks version 1. Update gentask."
    ],
    [
      "a part that its package does not export",
      "closed/inner",
      `The package closed 1.2.0 cannot be imported: Package subpath './inner' is not defined by "exports" in ROOT/node_modules/closed/package.json imported from ROOT/gentask.config.json. Mend it, or remove it.`
    ]
  ] as const

  it.each(wrong)("%s", async (_, module, sentence) => {
    const cwd = newProject({
      "package.json": {},
      "enum.ts": "export enum Word { a }",
      "other.mjs": pluginSource("other"),
      ...providerPackage("acme", "newer", "throw 1", { gentask: { provider: "acme", specVersion: 2 } }),
      ...providerPackage("acme", "closed"),
      ...config({ plugins: { acme: module } })
    })
    assert.isString(await modelOf(`jimmy:${id}`, { cwd }))
    const { status, stdout, stderr } = await run(["query", "acme:1"], { cwd, env })
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.strictEqual(
      stderr.replaceAll(cwd, "ROOT"),
      `gentask: acme:1: the provider acme cannot be used. ${sentence}\n`
    )
  })

  it.each([
    [
      { Acme: "./acme.ts" },
      "plugins.Acme: a provider's id is lower-case letters, digits and hyphens, a letter first."
    ],
    [{ acme: 1 }, "plugins.acme: Invalid input: expected string, received number."],
    [{ acme: "" }, "plugins.acme: Too small: expected string to have >=1 characters."],
    [["./acme.ts"], "plugins: Invalid input: expected record, received array."]
  ])("unless the configuration itself is wrong: %j", async (plugins, sentence) => {
    const cwd = newProject({ "package.json": {}, ...config({ plugins }) })
    const { status, stdout, stderr } = await run(["query", `jimmy:${id}`], { cwd, env })
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.strictEqual(
      stderr,
      `gentask: The configuration file ${join(cwd, "gentask.config.json")} is wrong at ${sentence}\n`
    )
  })
})
