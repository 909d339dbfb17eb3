/** The JSON Schema of configuration files. `vitest run packages/cli/test/configSchema.test.ts -u` updates it. */
import { fileURLToPath } from "node:url"
import { defineConfig } from "@gentask/cli"
import type { GentaskConfig } from "@gentask/cli"
import { assert, describe, expect, expectTypeOf, it } from "vitest"
import * as z from "zod"
import { configFileSchema } from "../src/config/configFileSchema.ts"
import type { ConfigFile } from "../src/config/configFileSchema.ts"
import { jsonLinesOf, run } from "./gentask.ts"
import { newProject } from "./project.ts"

const schemaFile = fileURLToPath(new URL("../config.schema.json", import.meta.url))

const baseUrlOf = async (files: Parameters<typeof newProject>[0]): Promise<unknown> => {
  const { status, stdout, stderr } = await run(["providers", "--json"], {
    cwd: newProject({ "package.json": { type: "module" }, ...files })
  })
  assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  return jsonLinesOf(stdout).find(({ provider }) => provider === "jimmy")?.["baseUrl"]
}

describe("config.schema.json", () => {
  it("describes the configuration files that are valid", async () => {
    const { $schema, ...schema } = z.toJSONSchema(configFileSchema, { io: "input" })
    const document = {
      $schema,
      $id: "https://unpkg.com/@gentask/cli/config.schema.json",
      title: "gentask configuration",
      ...schema
    }
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(schemaFile)
  })

  it("may be named by the file itself", async () => {
    const $schema = "./node_modules/@gentask/cli/config.schema.json"
    const providers = { jimmy: { baseUrl: "https://json.example.com" } }
    assert.strictEqual(
      await baseUrlOf({ "gentask.config.json": { $schema, providers } }),
      "https://json.example.com"
    )
  })
})

describe("defineConfig", () => {
  it.each(["ts", "mjs"])("returns the configuration of a gentask.config.%s", async (extension) => {
    const source = `
      import { defineConfig } from "@gentask/cli"
      export default defineConfig({ providers: { jimmy: { baseUrl: "https://typed.example.com" } } })
    `
    const entry = new URL("../dist/index.js", import.meta.url).href
    const baseUrl = await baseUrlOf({
      [`gentask.config.${extension}`]: source,
      "node_modules/@gentask/cli/package.json": {
        name: "@gentask/cli",
        type: "module",
        exports: "./index.js"
      },
      "node_modules/@gentask/cli/index.js": `export * from ${JSON.stringify(entry)}`
    })
    assert.strictEqual(baseUrl, "https://typed.example.com")
  })

  it("has the keys of the schema", () => {
    expectTypeOf<keyof GentaskConfig>().toEqualTypeOf<keyof ConfigFile>()
    expectTypeOf<GentaskConfig["timeout"]>().toEqualTypeOf<ConfigFile["timeout"]>()
    const config = defineConfig({
      providers: { jimmy: { apiKeyVariable: "MY_KEY", accounts: { films: { kind: "video" } } } },
      timeout: "30m"
    })
    assert.isTrue(configFileSchema.safeParse(config).success)
    // @ts-expect-error Unknown keys are errors.
    defineConfig({ timeuot: "30m" })
    // @ts-expect-error The files of a project contain no API keys.
    defineConfig({ providers: { jimmy: { apiKey: "sk-1" } } })
  })
})
