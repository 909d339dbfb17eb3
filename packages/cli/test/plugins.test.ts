import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { secretKey, useEmulator } from "./emulator.ts"
import { jsonLinesOf, onlyJsonOf, run } from "./gentask.ts"
import type { RunOptions } from "./gentask.ts"
import { dependingOn, newFolder, newProject, pluginSource, providerPackage, writeFiles } from "./project.ts"
import type { Files } from "./project.ts"
import { providerNames } from "./providerNames.ts"

const fixture = useEmulator()

const modelOf = async (ref: string, options: RunOptions): Promise<unknown> => {
  const { status, stdout, stderr } = await run(["query", "--json", ref], { env: fixture.env, ...options })
  assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  return onlyJsonOf(stdout)["model"]
}

const configFile = (content: object): Files => ({ "gentask.config.json": content })

describe("a plugin of the configuration", () => {
  it("can be TypeScript, by a path relative to the configuration file", async () => {
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
    assert.strictEqual(
      await modelOf(`acme:${fixture.taskId}`, { cwd: join(root, "deep") }),
      "The vendor acme"
    )
    const { stdout } = await run(["providers", "--json"], { cwd: root, env: fixture.env })
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

  it("can be an absolute path", async () => {
    const elsewhere = newProject({ "acme.mjs": pluginSource("acme") })
    const plugins = { acme: join(elsewhere, "acme.mjs") }
    const cwd = newProject({ "package.json": {}, ...configFile({ plugins }) })
    assert.strictEqual(await modelOf(`acme:${fixture.taskId}`, { cwd }), "The vendor acme")
  })

  it("can be a package without a declaration, or a subpath of a package", async () => {
    const cwd = newProject({
      "package.json": {},
      "node_modules/@me/plain/package.json": {
        version: "3.0.0",
        type: "module",
        exports: { ".": "./index.js", "./extra": { import: "./extra.js" } }
      },
      "node_modules/@me/plain/index.js": pluginSource("acme"),
      "node_modules/@me/plain/extra.js": pluginSource("extra"),
      ...configFile({ plugins: { acme: "@me/plain", extra: "@me/plain/extra" } })
    })
    assert.strictEqual(await modelOf(`acme:${fixture.taskId}`, { cwd }), "The vendor acme")
    const { stdout } = await run(["providers", "--json"], { cwd, env: fixture.env })
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

  it("can have accounts in the same file", async () => {
    const cwd = newProject({
      "package.json": {},
      "acme.mjs": pluginSource("acme"),
      ...configFile({
        plugins: { acme: "./acme.mjs" },
        providers: {
          acme: { accounts: { films: { baseUrl: fixture.emulator.url, apiKeyVariable: "FILM_KEY" } } }
        }
      })
    })
    const options = { cwd, env: { FILM_KEY: secretKey } }
    assert.strictEqual(await modelOf(`acme@films:${fixture.taskId}`, options), "The vendor acme")
  })

  it("can be in the user's own file, unless the project's file overrides it", async () => {
    const home = newFolder()
    writeFiles(home, {
      "gentask/config.json": { plugins: { acme: "./mine.mjs", other: "other" } },
      "gentask/mine.mjs": pluginSource("acme", { title: "The user's" }),
      ...Object.fromEntries(
        Object.entries(providerPackage("other", "other")).map(([path, file]) => [`gentask/${path}`, file])
      )
    })
    const own = {
      ...fixture.env,
      XDG_CONFIG_HOME: home,
      OTHER_API_KEY: secretKey,
      OTHER_BASE_URL: fixture.emulator.url
    }
    const empty = newProject({ "package.json": {} })
    assert.strictEqual(await modelOf(`acme:${fixture.taskId}`, { cwd: empty, env: own }), "The user's")
    assert.strictEqual(await modelOf(`other:${fixture.taskId}`, { cwd: empty, env: own }), "The vendor other")
    const project = newProject({
      "package.json": {},
      "acme.mjs": pluginSource("acme", { title: "The project's" }),
      ...configFile({ plugins: { acme: "./acme.mjs" } })
    })
    assert.strictEqual(await modelOf(`acme:${fixture.taskId}`, { cwd: project, env: own }), "The project's")
  })
})

describe("the accounts of a provider in a configuration file", () => {
  it("are accepted if the provider is a dependency", async () => {
    const cwd = newProject({
      ...dependingOn("acme"),
      ...providerPackage("acme", "acme"),
      ...configFile({ providers: { acme: { baseUrl: fixture.emulator.url, apiKeyVariable: "MY_KEY" } } })
    })
    assert.strictEqual(
      await modelOf(`acme:${fixture.taskId}`, { cwd, env: { MY_KEY: secretKey } }),
      "The vendor acme"
    )
  })

  it("are accepted if the provider cannot be used", async () => {
    const cwd = newProject({
      ...dependingOn("acme"),
      ...providerPackage("acme", "acme", "throw 1"),
      ...configFile({ providers: { acme: { endpoint: "other" } } })
    })
    assert.isString(await modelOf(`jimmy:${fixture.taskId}`, { cwd }))
  })

  it("are an error in the project's file if the provider does not exist", async () => {
    const cwd = newProject({ ...dependingOn("gentask-acme"), ...configFile({ providers: { acme: {} } }) })
    const { status, stdout, stderr } = await run(["query", `jimmy:${fixture.taskId}`], {
      cwd,
      env: fixture.env
    })
    assert.deepStrictEqual(
      { status, stdout, stderr },
      {
        status: 2,
        stdout: "",
        stderr:
          `gentask: The configuration file ${join(cwd, "gentask.config.json")} is invalid at providers: unknown provider "acme". ` +
          `Available providers: ${providerNames}. ` +
          "To add a provider, install its package in this project (npm install), or name it under plugins in gentask.config.json. " +
          `The dependency gentask-acme of ${join(cwd, "package.json")} is not installed. If it is a provider, run npm install.\n`
      }
    )
  })

  it("are allowed in the user's own file if the provider does not exist, since another project may have it", async () => {
    const home = newFolder()
    writeFiles(home, { "gentask/config.json": { providers: { acme: { endpoint: "other" } } } })
    const own = { ...fixture.env, XDG_CONFIG_HOME: home }
    assert.isString(await modelOf(`jimmy:${fixture.taskId}`, { env: own }))
    const { stdout } = await run(["providers", "--json"], { env: own })
    const { provider, source, problem } = jsonLinesOf(stdout).at(-1) ?? {}
    const path = join(home, "gentask/config.json")
    assert.deepStrictEqual(
      { provider, source, problem },
      {
        provider: "acme",
        source: { kind: "configuration", package: null, path },
        problem:
          `The configuration file ${path} is invalid at providers: unknown provider "acme". Available providers: ${providerNames}. ` +
          "To add a provider, install its package in this project (npm install), or name it under plugins in gentask.config.json."
      }
    )
  })
})
