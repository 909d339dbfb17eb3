import { createHash } from "node:crypto"
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { fileTarget } from "../../src/save/target/fileTarget.ts"
import { makeManifest } from "../../src/save/target/Manifest.ts"
import { makeOutput, makeSnapshot } from "../support/snapshot.ts"

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const linked = makeOutput({ url: "https://files.example.com/a.png?X-Sig=secret" })

const snapshot = makeSnapshot({
  model: "m",
  prompt: "a lake",
  createdAt: new Date("2026-01-01T00:00:00Z"),
  completedAt: new Date("2026-01-01T00:01:00Z"),
  outputs: [linked]
})

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")

interface PutFields {
  readonly extension?: string
  readonly output?: typeof linked
  readonly overwrite?: boolean
}

/** Stores a text as the output `acme_1`. */
const put = async (text: string, { extension = "png", output = linked, overwrite }: PutFields = {}) => {
  const path = join(dir, ".part")
  await writeFile(path, text)
  const file = {
    file: `acme_1.${extension}`,
    bytes: text.length,
    sha256: sha256(text),
    mediaType: "image/png"
  }
  const manifest = makeManifest(snapshot, output, file, new Date("2026-01-02T00:00:00Z"))
  return Effect.runPromise(
    Effect.result(
      fileTarget(dir).put({ path, extension }, "acme_1", { manifest, overwrite: overwrite ?? false })
    )
  )
}

const store = async (text: string, fields?: PutFields): Promise<string> => {
  const result = await put(text, fields)
  if (result._tag === "Failure") throw result.failure
  return result.success
}

const manifestOf = (path: string) => readFile(`${path}.json`, "utf8")

describe("put", () => {
  it("stores the file and a manifest without the signature of the link", async () => {
    const path = await store("bytes")
    expect(await manifestOf(path)).toBe(`{
  "ref": "acme:1",
  "file": "acme_1.png",
  "role": "result",
  "kind": "image",
  "mediaType": "image/png",
  "bytes": 5,
  "sha256": "${sha256("bytes")}",
  "model": "m",
  "prompt": "a lake",
  "source": "https://files.example.com/a.png",
  "createdAt": "2026-01-01T00:00:00.000Z",
  "completedAt": "2026-01-01T00:01:00.000Z",
  "savedAt": "2026-01-02T00:00:00.000Z"
}
`)
    expect((await readdir(dir)).toSorted()).toEqual(["acme_1.png", "acme_1.png.json"])
    expect(await readFile(path, "utf8")).toBe("bytes")
  })

  it("writes no source for inline media", async () => {
    const output = makeOutput({ url: null, inline: { base64: "AAAA", bytes: 3 } })
    expect(JSON.parse(await manifestOf(await store("bytes", { output })))).toMatchObject({ source: null })
  })

  it("fails if the file exists, unless overwrite is set", async () => {
    const path = join(dir, "acme_1.png")
    await writeFile(path, "mine")
    expect(await put("bytes")).toMatchObject({ failure: { reason: { _tag: "FileExists", path } } })
    expect(await readFile(path, "utf8")).toBe("mine")
    expect((await readdir(dir)).toSorted()).toEqual([".part", "acme_1.png"])
    await store("bytes", { overwrite: true })
    expect(await readFile(path, "utf8")).toBe("bytes")
  })
})

describe("abort", () => {
  const abort = () => Effect.runPromise(fileTarget(dir).abort("acme_1"))

  it("removes the temporary manifest of a put that failed", async () => {
    await mkdir(join(dir, "acme_1.png.json"))
    expect(await put("bytes")).toMatchObject({ failure: { reason: { _tag: "NotWritable" } } })
    expect((await readdir(dir)).toSorted()).toEqual([".acme_1.manifest", ".part", "acme_1.png.json"])
    await abort()
    expect((await readdir(dir)).toSorted()).toEqual([".part", "acme_1.png.json"])
  })

  it("does nothing if there is nothing to remove", async () => {
    await abort()
    expect(await readdir(dir)).toEqual([])
  })
})

describe("find", () => {
  const find = () => Effect.runPromise(fileTarget(dir).find("acme_1", "result"))

  it("ignores files with other names, hidden files and a manifest without its file", async () => {
    expect(await find()).toEqual({ _tag: "Nothing" })
    for (const name of [
      "acme_12.png",
      "acme_1+2.png",
      ".acme_1.part",
      "acme_1",
      "acme_1.x.png",
      "acme_1.json"
    ])
      await writeFile(join(dir, name), "x")
    await writeFile(join(dir, "acme_1.png.json"), "{}")
    expect(await find()).toEqual({ _tag: "Nothing" })
  })

  it("finds the output with any extension if its digest matches", async () => {
    const location = await store("bytes", { extension: "webp" })
    expect(await find()).toEqual({
      _tag: "Saved",
      file: { location, bytes: 5, sha256: sha256("bytes"), mediaType: "image/png" }
    })
  })

  it("finds the output beside a foreign file of the same name", async () => {
    await writeFile(join(dir, "acme_1.aaa"), "mine")
    const location = await store("bytes")
    expect(await find()).toMatchObject({ _tag: "Saved", file: { location } })
  })

  it("reports a file that is shorter than in its manifest as broken", async () => {
    const path = await store("bytes")
    await writeFile(path, "byte")
    expect(await find()).toEqual({ _tag: "Broken" })
    await writeFile(path, "")
    expect(await find()).toEqual({ _tag: "Broken" })
  })

  it.each([
    ["has the same length and other bytes", "BYTES"],
    ["is longer", "bytes and more"]
  ])("reports a file that %s as foreign", async (_, text) => {
    const location = await store("bytes")
    await writeFile(location, text)
    expect(await find()).toEqual({ _tag: "Foreign", location })
  })

  it("reports a file without a manifest as foreign", async () => {
    const location = await store("bytes")
    await rm(`${location}.json`)
    expect(await find()).toEqual({ _tag: "Foreign", location })
  })

  it.each([
    ["is truncated", "{"],
    ["is null", "null"]
  ])("reports a file whose manifest %s as foreign", async (_, manifest) => {
    const location = await store("bytes")
    await writeFile(`${location}.json`, manifest)
    expect(await find()).toEqual({ _tag: "Foreign", location })
  })

  it.each([
    ["another file", { file: "b.png" }],
    ["another role", { role: "thumbnail" }],
    ["a size of the wrong type", { bytes: "5" }],
    ["no media type", { mediaType: undefined }]
  ])("reports a file whose manifest has %s as foreign", async (_, fields) => {
    const location = await store("bytes")
    const manifest = JSON.parse(await manifestOf(location)) as object
    await writeFile(`${location}.json`, JSON.stringify({ ...manifest, ...fields }))
    expect(await find()).toEqual({ _tag: "Foreign", location })
  })

  it("reports a folder as foreign", async () => {
    const location = await store("bytes")
    await rm(location)
    await mkdir(location)
    expect(await find()).toEqual({ _tag: "Foreign", location })
  })
})
