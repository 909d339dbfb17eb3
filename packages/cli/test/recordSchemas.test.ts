/** The JSON Schemas of `--json` records. `vitest run packages/cli/test/recordSchemas.test.ts -u` updates their files. */
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import snapshotSchema from "@gentask/core/schema/snapshot.json" with { type: "json" }
import { Ajv2020 } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { afterAll, assert, beforeAll, describe, expect, it } from "vitest"
import * as z from "zod"
import * as records from "../src/output/recordSchemas.ts"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, run } from "./gentask.ts"
import { dependingOn, newFolder, newProject, pluginSource, providerPackage } from "./project.ts"
import { onlyJimmy, startTestTracker } from "./trackers.ts"
import type { TestTracker } from "./trackers.ts"

type Command = "balance" | "list" | "models" | "providers" | "show"

const fileOf = (command: Command): string =>
  fileURLToPath(new URL(`../schema/${command}.schema.json`, import.meta.url))

const { $defs, properties, required, additionalProperties } = snapshotSchema
const snapshotDefinitions = {
  Snapshot: { type: "object", properties, required, additionalProperties },
  ...$defs
}

describe("the JSON Schema of a record", () => {
  it.each<[Command, z.ZodType]>([
    ["balance", records.balanceRecord],
    ["list", records.listRecord],
    ["models", records.modelsRecord],
    ["providers", records.providersRecord],
    ["show", records.showRecord]
  ])("is published for gentask %s", async (command, record) => {
    const { $schema, ...schema } = z.toJSONSchema(record)
    const document = {
      $schema,
      $id: `https://unpkg.com/@gentask/cli/schema/${command}.schema.json`,
      title: `gentask ${command} --json`,
      ...schema,
      ...(command === "show" ? { $defs: snapshotDefinitions } : {})
    }
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(fileOf(command))
  })
})

/** Rejects the keys that a schema does not describe, so that a new key of a command must be added to its schema. */
const strict = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(strict)
  if (typeof schema !== "object" || schema === null) return schema
  const members = Object.entries(schema).map(([name, value]) => [name, strict(value)] as const)
  const closed = "properties" in schema && "type" in schema ? { additionalProperties: false } : {}
  return { ...Object.fromEntries(members), ...closed }
}

/** Checks lines against the published schema of a command. */
const validate = async (command: Command, stdout: string) => {
  const lines = jsonLinesOf(stdout)
  assert.isNotEmpty(lines)
  const ajv = new Ajv2020({ allErrors: true })
  addFormats.default(ajv)
  const schema = JSON.parse(await readFile(fileOf(command), "utf8")) as object
  const check = ajv.compile(strict(schema) as object)
  for (const line of lines) {
    check(line)
    assert.deepStrictEqual(check.errors ?? [], [], JSON.stringify(line))
  }
  return lines
}

const fixture = useEmulator()
const state = newFolder()
const gentask = (args: ReadonlyArray<string>) => run(args, { env: { ...fixture.env, XDG_STATE_HOME: state } })

describe("the records of the command line match their published schemas", () => {
  let saved = ""
  const failed = (): string => `jimmy:${fixture.emulator.addTask({ vendor: "jimmy", end: "failed" }).id}`

  beforeAll(async () => {
    const { status, stdout, stderr } = await gentask(["submit", "jimmy", "gpt-image-2", "-p", "A fox"])
    assert.strictEqual(status, 0, stderr)
    saved = stdout.trim()
    await gentask(["save", saved, "-o", newFolder()])
    await gentask(["query", failed()])
    await gentask(["submit", "aigptimage", "gpt-image-2-text-to-image", "-p", "Two cats"])
  })

  it("list: of tasks that were submitted, saved and failed", async () => {
    const { stdout } = await gentask(["list", "--json"])
    const lines = await validate("list", stdout)
    assert.lengthOf(lines, 3)
  })

  it("show: of a saved task, and of one that another program submitted and that failed", async () => {
    const [shown] = await validate("show", (await gentask(["show", saved, "--json"])).stdout)
    assert.isNotNull(shown?.["intent"])
    assert.isNotEmpty(shown?.["files"])
    const lines = await validate("list", (await gentask(["list", "--json", "--status", "failed"])).stdout)
    const ref = String(lines[0]?.["ref"])
    const [other] = await validate("show", (await gentask(["show", ref, "--json"])).stdout)
    assert.isNull(other?.["intent"])
  })

  it("models: of all providers, and of one model with its input", async () => {
    await validate("models", (await gentask(["models", "--json"])).stdout)
    const [model] = await validate(
      "models",
      (await gentask(["models", "jimmy", "gpt-image-2", "--json"])).stdout
    )
    assert.deepInclude(model?.["input"], { type: "object" })
  })

  it("providers: of bundled ones, of a plugin, and of one that cannot be used", async () => {
    const cwd = newProject({
      ...dependingOn("acme", "broken"),
      ...providerPackage("acme", "acme"),
      ...providerPackage("broken", "broken", pluginSource("broken", { members: "specVersion: 99" })),
      "gentask.config.json": { plugins: { other: "./missing.js" } }
    })
    const { stdout } = await run(["providers", "--json"], { cwd, env: fixture.env })
    const lines = await validate("providers", stdout)
    assert.isNotEmpty(lines.filter(({ account }) => account === null))
    assert.includeMembers(
      lines.map(({ provider }) => provider),
      ["acme", "broken", "other", "comfyui"]
    )
  })

  it("balance: of accounts that report it, that do not, and that refuse the API key", async () => {
    const lines = await validate("balance", (await gentask(["balance", "--json"])).stdout)
    assert.isNotEmpty(lines.filter(({ available }) => available !== null))
    assert.isNotEmpty(lines.filter(({ error }) => error !== undefined))
    const { stdout } = await run(["balance", "jimmy", "--json"], {
      env: { ...fixture.env, JIMMY_API_KEY: "sk-refused" }
    })
    const [refused] = await validate("balance", stdout)
    assert.deepInclude(refused?.["error"], { type: "ProviderError", reason: "Unauthorized" })
  })
})

describe("the records of a tracker match the same schemas", () => {
  let tracker: TestTracker | undefined
  beforeAll(async () => {
    tracker = await startTestTracker(onlyJimmy(fixture.env))
  })
  afterAll(() => tracker?.[Symbol.asyncDispose]())

  it("list and show", async () => {
    const { remoteEnv: env } = tracker as TestTracker
    const ref = `jimmy:${fixture.taskId}`
    const waited = await run(["wait", ref], { env })
    assert.strictEqual(waited.status, 0, waited.stderr)
    await validate("list", (await run(["list", "--json"], { env })).stdout)
    await validate("show", (await run(["show", ref, "--json"], { env })).stdout)
  })
})
