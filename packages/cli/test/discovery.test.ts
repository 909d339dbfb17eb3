import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import {
  dependingOn,
  newProject,
  pluginSource,
  providerManifest,
  providerPackage,
  specOf
} from "./project.ts"
import type { Files } from "./project.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, pointedAt, run, secretKey } from "./support.ts"
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

/** The ref and the model that a question about one task is answered with. */
const ask = async (ref: string, options: RunOptions): Promise<unknown> => {
  const { status, stdout, stderr } = await run(["query", "--json", ref], { env, ...options })
  assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  const { ref: asked, model } = onlyJsonOf(stdout)
  return { ref: asked, model }
}

const acme = (): unknown => ({ ref: `acme:${id}`, model: "The vendor acme" })

describe("a provider among a project's dependencies can be asked", () => {
  it.each(["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"])(
    "from %s",
    async (field) => {
      const cwd = newProject({
        "package.json": { [field]: { "@me/acme": "*" } },
        ...providerPackage("acme", "@me/acme")
      })
      assert.deepStrictEqual(await ask(`acme:${id}`, { cwd }), acme())
    }
  )

  it.each(["plain", "gentask-provider-acme", "@me/acme", "Legacy_Name~1"])("by the name %s", async (name) => {
    const cwd = newProject({ ...dependingOn(name), ...providerPackage("acme", name) })
    assert.deepStrictEqual(await ask(`acme:${id}`, { cwd }), acme())
  })

  it("from a folder deep inside the project", async () => {
    const root = newProject({ ...dependingOn("acme"), ...providerPackage("acme", "acme") })
    const cwd = join(root, "deep", "inside")
    mkdirSync(cwd, { recursive: true })
    assert.deepStrictEqual(await ask(`acme:${id}`, { cwd }), acme())
  })

  it("from a workspace package whose dependencies are hoisted, where a nearer one wins", async () => {
    const root = newProject({
      "package.json": { workspaces: ["packages/*"] },
      ...providerPackage("acme", "acme"),
      "packages/hoisted/package.json": { dependencies: { acme: "*" } },
      "packages/hoisted/node_modules/.keep": "",
      "packages/nearer/package.json": { dependencies: { acme: "*" } },
      "packages/nearer/node_modules/acme/package.json": providerManifest("acme", "acme"),
      "packages/nearer/node_modules/acme/index.js": pluginSource("acme", { title: "Nearer" })
    })
    assert.deepStrictEqual(await ask(`acme:${id}`, { cwd: join(root, "packages", "hoisted") }), acme())
    assert.deepStrictEqual(await ask(`acme:${id}`, { cwd: join(root, "packages", "nearer") }), {
      ref: `acme:${id}`,
      model: "Nearer"
    })
  })

  it("from a store of linked packages, with what it imports beside it there", async () => {
    const store = "node_modules/.pnpm/acme@1.2.0/node_modules"
    const root = newProject({
      ...dependingOn("acme"),
      [`${store}/acme/package.json`]: providerManifest("acme", "acme"),
      [`${store}/acme/index.js`]: `import title from "title"\nexport default { ...${specOf("acme")}, title }`,
      [`${store}/title/package.json`]: { name: "title", version: "1.0.0", main: "title.cjs" },
      [`${store}/title/title.cjs`]: 'module.exports = "The vendor acme"'
    })
    symlinkSync(join(root, store, "acme"), join(root, "node_modules", "acme"), "junction")
    assert.deepStrictEqual(await ask(`acme:${id}`, { cwd: root }), acme())
  })

  it("as CommonJS that was compiled from ES modules", async () => {
    const source = `Object.defineProperty(exports, "__esModule", { value: true })\nexports.default = ${specOf("acme")}`
    const manifest = { type: "commonjs", exports: undefined, main: "index.js" }
    const cwd = newProject({
      ...dependingOn("acme"),
      ...providerPackage("acme", "acme", source, manifest)
    })
    assert.deepStrictEqual(await ask(`acme:${id}`, { cwd }), acme())
  })

  it("and not where it is nobody's direct dependency", async () => {
    const cwd = newProject({ ...dependingOn(), ...providerPackage("acme", "acme") })
    const { status, stderr } = await run(["query", "acme:1"], { cwd, env })
    assert.strictEqual(status, 2)
    assert.strictEqual(
      stderr,
      'gentask: acme:1: there is no provider "acme". The providers are jimmy, sora, jimeng, aigptimage. ' +
        "To add one, install its package in this project (npm install), or name it under plugins in gentask.config.json. " +
        "If this is the whole of a vendor's task id, put its provider before it: sora:acme:1\n"
    )
  })
})

describe("the variables of a provider that is not bundled", () => {
  const project = (): string => newProject({ ...dependingOn("acme"), ...providerPackage("acme", "acme") })

  const accountsOf = async (
    cwd: string,
    variables: Record<string, string>,
    provider = "acme"
  ): Promise<ReadonlyArray<Record<string, unknown>>> => {
    const { stdout } = await run(["providers", "--json"], { cwd, env: variables })
    return jsonLinesOf(stdout)
      .filter((line) => line["provider"] === provider)
      .map(({ account, endpoint, baseUrl, key }) => ({ account, endpoint, baseUrl, ...(key as object) }))
  }

  it("are named like those of the others", async () => {
    const variables = {
      ACME_API_KEY: secretKey,
      ACME_ENDPOINT: "other",
      ACME_FILMS_API_KEY: secretKey,
      ACME_FILMS_BASE_URL: "https://films.example.com"
    }
    assert.deepStrictEqual(await accountsOf(project(), variables), [
      {
        account: "acme",
        endpoint: "other",
        baseUrl: "https://other.example.com",
        variable: "ACME_API_KEY",
        found: true
      },
      {
        account: "acme@films",
        endpoint: "main",
        baseUrl: "https://films.example.com",
        variable: "ACME_FILMS_API_KEY",
        found: true
      }
    ])
  })

  it("reach an account of their own", async () => {
    const variables = { ACME_FILMS_API_KEY: secretKey, ACME_FILMS_BASE_URL: emulator.url }
    assert.deepStrictEqual(await ask(`acme@films:${id}`, { cwd: project(), env: variables }), {
      ref: `acme@films:${id}`,
      model: "The vendor acme"
    })
  })

  it("are missed by name", async () => {
    const { status, stderr } = await run(["query", "acme@other:1"], { cwd: project() })
    assert.deepStrictEqual(
      { status, stderr },
      {
        status: 4,
        stderr:
          "gentask: acme@other:1: acme@other has no API key. Set the environment variable ACME_OTHER_API_KEY, " +
          "or name another one as apiKeyVariable in gentask.config.json.\n"
      }
    )
  })

  it("belong to the longer of two ids that fit", async () => {
    const cwd = newProject({ ...dependingOn("films"), ...providerPackage("jimmy-films", "films") })
    const variables = { JIMMY_FILMS_API_KEY: secretKey, JIMMY_FILMS_BASE_URL: emulator.url }
    const names = async (provider: string) =>
      (await accountsOf(cwd, variables, provider)).map(({ account }) => account)
    assert.deepStrictEqual(await names("jimmy"), ["jimmy"])
    assert.deepStrictEqual(await names("jimmy-films"), ["jimmy-films"])
    const { status, stderr } = await run(["query", "jimmy@films:1"], { cwd, env: variables })
    assert.strictEqual(status, 2)
    assert.match(stderr, /there is no account "films" of jimmy/)
  })
})

describe("where several places have a provider of one id", () => {
  const files: Files = {
    ...dependingOn("my-jimmy"),
    ...providerPackage("jimmy", "my-jimmy", pluginSource("jimmy", { title: "Mine" })),
    "configured.mjs": pluginSource("jimmy", { title: "Configured" })
  }
  const configuration = { "gentask.config.json": { plugins: { jimmy: "./configured.mjs" } } }

  it("the project's own wins over the bundled one, and the configuration over both", async () => {
    assert.deepStrictEqual(await ask(`jimmy:${id}`, { cwd: newProject(files) }), {
      ref: `jimmy:${id}`,
      model: "Mine"
    })
    assert.deepStrictEqual(await ask(`jimmy:${id}`, { cwd: newProject({ ...files, ...configuration }) }), {
      ref: `jimmy:${id}`,
      model: "Configured"
    })
  })

  it("the bundled one is alone under GENTASK_NO_CONFIG", async () => {
    const cwd = newProject({ ...files, ...configuration, ...providerPackage("acme", "acme") })
    const alone = { ...env, GENTASK_NO_CONFIG: "1" }
    const { stdout } = await run(["query", "--json", `jimmy:${id}`], { cwd, env: alone })
    assert.notInclude(["Mine", "Configured"], onlyJsonOf(stdout)["model"])
    const { status, stderr } = await run(["query", "acme:1"], { cwd, env: alone })
    assert.strictEqual(status, 2)
    assert.include(
      stderr,
      'there is no provider "acme". The providers are jimmy, sora, jimeng, aigptimage. No others are looked for while GENTASK_NO_CONFIG is set. '
    )
  })

  it("two dependencies keep each other from being used, until the configuration chooses", async () => {
    const rivals: Files = {
      ...dependingOn("my-jimmy", "@you/jimmy"),
      ...providerPackage("jimmy", "my-jimmy", pluginSource("jimmy", { title: "Mine" })),
      ...providerPackage("jimmy", "@you/jimmy", pluginSource("jimmy", { title: "Yours" }))
    }
    const cwd = newProject(rivals)
    const { status, stdout, stderr } = await run(["query", `jimmy:${id}`, "sora:none"], { cwd, env })
    assert.deepStrictEqual({ status, stdout }, { status: 5, stdout: "" })
    assert.strictEqual(
      linesOf(stderr)[0],
      `gentask: jimmy:${id}: the provider jimmy cannot be used. ` +
        "More than one dependency is the provider jimmy, so none is used: my-jimmy and @you/jimmy. " +
        'Choose one in gentask.config.json by "plugins": { "jimmy": "my-jimmy" }, or remove the others.'
    )
    const chosen = newProject({ ...rivals, "gentask.config.json": { plugins: { jimmy: "@you/jimmy" } } })
    assert.deepStrictEqual(await ask(`jimmy:${id}`, { cwd: chosen }), {
      ref: `jimmy:${id}`,
      model: "Yours"
    })
  })
})
