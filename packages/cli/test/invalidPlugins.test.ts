import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { run } from "./gentask.ts"
import { newProject, pluginSource, providerPackage } from "./project.ts"
import type { Files } from "./project.ts"

const fixture = useEmulator()

const configFile = (content: object): Files => ({ "gentask.config.json": content })

describe("a plugin that cannot be used", () => {
  const plugins = [
    [
      "the path of a missing file",
      "./acme.ts",
      "The file ROOT/acme.ts, named for acme under plugins in ROOT/gentask.config.json, does not exist. Fix the path, which is relative to the folder of that file."
    ],
    [
      "a path without a leading dot",
      "acme.ts",
      "The package acme.ts, named for acme under plugins in ROOT/gentask.config.json, is not installed. Run npm install acme.ts, or write ./acme.ts if it is a file."
    ],
    [
      "a package that is not installed",
      "@me/acme/extra",
      "The package @me/acme, named for acme under plugins in ROOT/gentask.config.json, is not installed. Run npm install @me/acme."
    ],
    [
      "a folder",
      "./node_modules",
      "The file ROOT/node_modules, named for acme under plugins in ROOT/gentask.config.json, does not exist. Fix the path, which is relative to the folder of that file."
    ],
    [
      "TypeScript syntax that Node cannot strip",
      "./enum.ts",
      "The file ROOT/enum.ts cannot be imported: TypeScript enum is not supported in strip-only mode. Fix it, or remove it."
    ],
    [
      "a provider with another id",
      "./other.mjs",
      'The file ROOT/other.mjs has the provider id "other" in its spec, but "acme" in plugins in ROOT/gentask.config.json. Use the same id in both.'
    ],
    [
      "a package for another version of the contract",
      "newer",
      "The package newer 1.2.0 requires version 2 of the provider contract, but this gentask supports version 1. Update gentask."
    ],
    [
      "a subpath that its package does not export",
      "closed/inner",
      `The package closed 1.2.0 cannot be imported: Package subpath './inner' is not defined by "exports" in ROOT/node_modules/closed/package.json imported from ROOT/gentask.config.json. Fix it, or remove it.`
    ]
  ] as const

  it.each(plugins)("stops only its own tasks: %s", async (_, module, problem) => {
    const cwd = newProject({
      "package.json": {},
      "enum.ts": "export enum Word { a }",
      "other.mjs": pluginSource("other"),
      ...providerPackage("acme", "newer", "throw 1", { gentask: { provider: "acme", specVersion: 2 } }),
      ...providerPackage("acme", "closed"),
      ...configFile({ plugins: { acme: module } })
    })
    const other = await run(["query", `jimmy:${fixture.taskId}`], { cwd, env: fixture.env })
    assert.deepStrictEqual({ status: other.status, stderr: other.stderr }, { status: 0, stderr: "" })
    const { status, stdout, stderr } = await run(["query", "acme:1"], { cwd, env: fixture.env })
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.strictEqual(
      stderr.replaceAll(cwd, "ROOT"),
      `gentask: acme:1: cannot use the provider acme. ${problem}\n`
    )
  })

  it.each([
    [
      { Acme: "./acme.ts" },
      "plugins.Acme: a provider id must start with a lowercase letter and contain only lowercase letters, digits and hyphens."
    ],
    [{ acme: 1 }, "plugins.acme: Invalid input: expected string, received number."],
    [{ acme: "" }, "plugins.acme: Too small: expected string to have >=1 characters."],
    [["./acme.ts"], "plugins: Invalid input: expected record, received array."]
  ])("stops all tasks if its entry is invalid: %j", async (plugins, problem) => {
    const cwd = newProject({ "package.json": {}, ...configFile({ plugins }) })
    const { status, stdout, stderr } = await run(["query", `jimmy:${fixture.taskId}`], {
      cwd,
      env: fixture.env
    })
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.strictEqual(
      stderr,
      `gentask: The configuration file ${join(cwd, "gentask.config.json")} is invalid at ${problem}\n`
    )
  })
})
