/** The JSON Schema files of core, read by a library other than the one that generated them. */
import { readFile, writeFile } from "node:fs/promises"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { ClientClosed, ProviderError, SaveError, StillRunning, toJson } from "@gentask/core"
import { decodeManifest, encodeError, encodeSavedFile, encodeSnapshot } from "@gentask/core/schema"
import errorSchema from "@gentask/core/schema/error.json" with { type: "json" }
import manifestSchema from "@gentask/core/schema/manifest.json" with { type: "json" }
import savedFileSchema from "@gentask/core/schema/saved-file.json" with { type: "json" }
import snapshotSchema from "@gentask/core/schema/snapshot.json" with { type: "json" }
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startSystems, systems } from "./systems.ts"

/** Returns the problems of a value. */
const validator = (schema: object) => {
  const parser = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  return (value: unknown) => parser.safeParse(value).error?.issues ?? []
}

const readJson = async (path: string) =>
  JSON.parse(await readFile(path, "utf8")) as Readonly<Record<string, unknown>>

const snapshotProblems = validator(snapshotSchema)
const savedFileProblems = validator(savedFileSchema)
const manifestProblems = validator(manifestSchema)
const errorProblems = validator(errorSchema)

describe("the JSON Schema of snapshots, saved files and manifests", () => {
  it.each(systems)("accepts those of $name", async ({ script, ref }) => {
    await using running = await startSystems()
    await using folder = await temporaryFolder()
    const { id } = running.emulator.addTask(script)
    const task = await running.gentask.query(ref(id), { raw: true })
    expect(snapshotProblems(encodeSnapshot(task))).toEqual([])
    expect(snapshotProblems(toJson(task))).toEqual([])
    const files = await running.gentask.save(task, { dir: folder.path })
    expect(files.map((file) => savedFileProblems(encodeSavedFile(file)))).toEqual([[]])
    const manifests = await Promise.all(files.map(async ({ path }) => readJson(`${path}.json`)))
    expect(manifests.map(manifestProblems)).toEqual([[]])
    expect(decodeManifest(manifests[0])).toEqual(manifests[0])
    // The first versions did not write these keys.
    const added =
      /^(?:schema|version|provider|account|taskId|sourceHost|etag|httpDate|gentask|marks|aigcMetaTagged)$/
    const old = Object.fromEntries(Object.entries(manifests[0] ?? {}).filter(([key]) => !added.test(key)))
    expect(manifestProblems(old)).toEqual([])
    await writeFile(`${files[0]?.path}.json`, JSON.stringify(old))
    const again = await running.gentask.save(task, { dir: folder.path })
    expect(again.map(({ alreadySaved }) => alreadySaved)).toEqual([true])
  })

  it("rejects other values", () => {
    expect(snapshotProblems({})).not.toEqual([])
    expect(savedFileProblems({ path: "a.png" })).not.toEqual([])
    expect(manifestProblems({ file: "a.png" })).not.toEqual([])
  })
})

describe("the JSON Schema of errors", () => {
  const providerError = new ProviderError({
    provider: "jimmy",
    account: "jimmy",
    ref: "jimmy:1",
    reason: { _tag: "RateLimited", retryAfterMs: 1000, code: null }
  })

  it.each([
    providerError,
    new StillRunning({ ref: "jimmy:1", snapshot: null, lastError: providerError }),
    new SaveError({ ref: "jimmy:1", reason: { _tag: "NoOutput", roles: undefined } }),
    new ClientClosed()
  ])("accepts $_tag", (error) => {
    expect(errorProblems(encodeError(error))).toEqual([])
  })

  it.each([{}, { _tag: "Other", message: "" }, { ...encodeError(providerError), reason: { _tag: "Other" } }])(
    "rejects %j",
    (value) => {
      expect(errorProblems(value)).not.toEqual([])
    }
  )
})
