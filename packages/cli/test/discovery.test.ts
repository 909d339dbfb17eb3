import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { secretKey, useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, run } from "./gentask.ts"
import type { RunOptions } from "./gentask.ts"
import {
  dependingOn,
  newProject,
  pluginSource,
  providerManifest,
  providerPackage,
  specOf
} from "./project.ts"
import type { Files } from "./project.ts"
import { providerNames } from "./providerNames.ts"

const fixture = useEmulator()

/** Returns the ref and the model that a query prints. */
const query = async (ref: string, options: RunOptions): Promise<unknown> => {
  const { status, stdout, stderr } = await run(["query", "--json", ref], { env: fixture.env, ...options })
  assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  const { ref: printedRef, model } = onlyJsonOf(stdout)
  return { ref: printedRef, model }
}

const acmeResult = (): unknown => ({ ref: `acme:${fixture.taskId}`, model: "The vendor acme" })

describe("a provider among the dependencies of a project", () => {
  it.each(["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"])(
    "is found in %s",
    async (field) => {
      const cwd = newProject({
        "package.json": { [field]: { "@me/acme": "*" } },
        ...providerPackage("acme", "@me/acme")
      })
      assert.deepStrictEqual(await query(`acme:${fixture.taskId}`, { cwd }), acmeResult())
    }
  )

  it.each(["plain", "gentask-provider-acme", "@me/acme", "Legacy_Name~1"])(
    "is found by the package name %s",
    async (name) => {
      const cwd = newProject({ ...dependingOn(name), ...providerPackage("acme", name) })
      assert.deepStrictEqual(await query(`acme:${fixture.taskId}`, { cwd }), acmeResult())
    }
  )

  it("is found from a folder deep inside the project", async () => {
    const root = newProject({ ...dependingOn("acme"), ...providerPackage("acme", "acme") })
    const cwd = join(root, "deep", "inside")
    mkdirSync(cwd, { recursive: true })
    assert.deepStrictEqual(await query(`acme:${fixture.taskId}`, { cwd }), acmeResult())
  })

  it("is found where a workspace hoists it, unless a nearer folder has it", async () => {
    const root = newProject({
      "package.json": { workspaces: ["packages/*"] },
      ...providerPackage("acme", "acme"),
      "packages/hoisted/package.json": { dependencies: { acme: "*" } },
      "packages/hoisted/node_modules/.keep": "",
      "packages/nearer/package.json": { dependencies: { acme: "*" } },
      "packages/nearer/node_modules/acme/package.json": providerManifest("acme", "acme"),
      "packages/nearer/node_modules/acme/index.js": pluginSource("acme", { title: "Nearer" })
    })
    assert.deepStrictEqual(
      await query(`acme:${fixture.taskId}`, { cwd: join(root, "packages", "hoisted") }),
      acmeResult()
    )
    assert.deepStrictEqual(await query(`acme:${fixture.taskId}`, { cwd: join(root, "packages", "nearer") }), {
      ref: `acme:${fixture.taskId}`,
      model: "Nearer"
    })
  })

  it("is found through a link into a package store, and imports its own dependencies from there", async () => {
    const store = "node_modules/.pnpm/acme@1.2.0/node_modules"
    const root = newProject({
      ...dependingOn("acme"),
      [`${store}/acme/package.json`]: providerManifest("acme", "acme"),
      [`${store}/acme/index.js`]: `import title from "title"\nexport default { ...${specOf("acme")}, title }`,
      [`${store}/title/package.json`]: { name: "title", version: "1.0.0", main: "title.cjs" },
      [`${store}/title/title.cjs`]: 'module.exports = "The vendor acme"'
    })
    symlinkSync(join(root, store, "acme"), join(root, "node_modules", "acme"), "junction")
    assert.deepStrictEqual(await query(`acme:${fixture.taskId}`, { cwd: root }), acmeResult())
  })

  it("can be CommonJS that was compiled from ES modules", async () => {
    const source = `Object.defineProperty(exports, "__esModule", { value: true })\nexports.default = ${specOf("acme")}`
    const manifest = { type: "commonjs", exports: undefined, main: "index.js" }
    const cwd = newProject({
      ...dependingOn("acme"),
      ...providerPackage("acme", "acme", source, manifest)
    })
    assert.deepStrictEqual(await query(`acme:${fixture.taskId}`, { cwd }), acmeResult())
  })

  it("is not found if it is not a direct dependency", async () => {
    const cwd = newProject({ ...dependingOn(), ...providerPackage("acme", "acme") })
    const { status, stderr } = await run(["query", "acme:1"], { cwd, env: fixture.env })
    assert.strictEqual(status, 2)
    assert.strictEqual(
      stderr,
      `gentask: acme:1: unknown provider "acme". Available providers: ${providerNames}. ` +
        "If this is a vendor's task id, put the provider in front: jimmy:acme:1. " +
        "To add a provider, install its package in this project (npm install), or name it under plugins in gentask.config.json.\n"
    )
  })
})

describe("the environment variables of a provider that is not bundled", () => {
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

  it("have the same names as those of bundled providers", async () => {
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

  it("configure additional accounts", async () => {
    const variables = { ACME_FILMS_API_KEY: secretKey, ACME_FILMS_BASE_URL: fixture.emulator.url }
    assert.deepStrictEqual(await query(`acme@films:${fixture.taskId}`, { cwd: project(), env: variables }), {
      ref: `acme@films:${fixture.taskId}`,
      model: "The vendor acme"
    })
  })

  it("are named in the error message if they are missing", async () => {
    const { status, stderr } = await run(["query", "acme@other:1"], { cwd: project() })
    assert.deepStrictEqual(
      { status, stderr },
      {
        status: 4,
        stderr:
          "gentask: acme@other:1: acme@other has no API key. Set the environment variable ACME_OTHER_API_KEY, " +
          "or name another variable as apiKeyVariable in gentask.config.json.\n"
      }
    )
  })

  it("belong to the provider with the longest matching id", async () => {
    const cwd = newProject({ ...dependingOn("films"), ...providerPackage("jimmy-films", "films") })
    const variables = { JIMMY_FILMS_API_KEY: secretKey, JIMMY_FILMS_BASE_URL: fixture.emulator.url }
    const names = async (provider: string) =>
      (await accountsOf(cwd, variables, provider)).map(({ account }) => account)
    assert.deepStrictEqual(await names("jimmy"), ["jimmy"])
    assert.deepStrictEqual(await names("jimmy-films"), ["jimmy-films"])
    const { status, stderr } = await run(["query", "jimmy@films:1"], { cwd, env: variables })
    assert.strictEqual(status, 2)
    assert.match(stderr, /unknown account "films" of jimmy/)
  })
})

describe("several providers with the same id", () => {
  const files: Files = {
    ...dependingOn("my-jimmy"),
    ...providerPackage("jimmy", "my-jimmy", pluginSource("jimmy", { title: "Mine" })),
    "configured.mjs": pluginSource("jimmy", { title: "Configured" })
  }
  const configuration = { "gentask.config.json": { plugins: { jimmy: "./configured.mjs" } } }

  it("prefer the project's dependency to the bundled provider, and the configuration to both", async () => {
    assert.deepStrictEqual(await query(`jimmy:${fixture.taskId}`, { cwd: newProject(files) }), {
      ref: `jimmy:${fixture.taskId}`,
      model: "Mine"
    })
    assert.deepStrictEqual(
      await query(`jimmy:${fixture.taskId}`, { cwd: newProject({ ...files, ...configuration }) }),
      {
        ref: `jimmy:${fixture.taskId}`,
        model: "Configured"
      }
    )
  })

  it("are ignored, except for the bundled one, if GENTASK_NO_CONFIG is set", async () => {
    const cwd = newProject({ ...files, ...configuration, ...providerPackage("acme", "acme") })
    const env = { ...fixture.env, GENTASK_NO_CONFIG: "1" }
    const { stdout } = await run(["query", "--json", `jimmy:${fixture.taskId}`], { cwd, env })
    assert.notInclude(["Mine", "Configured"], onlyJsonOf(stdout)["model"])
    const { status, stderr } = await run(["query", "acme:1"], { cwd, env })
    assert.strictEqual(status, 2)
    assert.include(stderr, "Only the bundled providers are available while GENTASK_NO_CONFIG is set.")
  })

  it("are rejected if they are dependencies, unless the configuration chooses one", async () => {
    const duplicates: Files = {
      ...dependingOn("my-jimmy", "@you/jimmy"),
      ...providerPackage("jimmy", "my-jimmy", pluginSource("jimmy", { title: "Mine" })),
      ...providerPackage("jimmy", "@you/jimmy", pluginSource("jimmy", { title: "Yours" }))
    }
    const cwd = newProject(duplicates)
    const { status, stdout, stderr } = await run(["query", `jimmy:${fixture.taskId}`, "sora:none"], {
      cwd,
      env: fixture.env
    })
    assert.deepStrictEqual({ status, stdout }, { status: 5, stdout: "" })
    assert.strictEqual(
      linesOf(stderr)[0],
      `gentask: jimmy:${fixture.taskId}: cannot use the provider jimmy. ` +
        "Several dependencies declare the provider jimmy: my-jimmy and @you/jimmy. " +
        'Choose one in gentask.config.json with "plugins": { "jimmy": "my-jimmy" }, or remove the others.'
    )
    const chosen = newProject({ ...duplicates, "gentask.config.json": { plugins: { jimmy: "@you/jimmy" } } })
    assert.deepStrictEqual(await query(`jimmy:${fixture.taskId}`, { cwd: chosen }), {
      ref: `jimmy:${fixture.taskId}`,
      model: "Yours"
    })
  })
})
