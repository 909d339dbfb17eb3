import { createHash } from "node:crypto"
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Output, TaskSnapshot } from "@gentask/core"
import { findExisting, place } from "../../src/save/target/Manifest.ts"

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const output: Output = {
  kind: "image",
  role: "result",
  url: "https://files.example.com/a.png?X-Sig=secret",
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null
}

const task: TaskSnapshot = {
  ref: "acme:1",
  provider: "acme",
  account: "acme",
  id: "1",
  status: "succeeded",
  rawStatus: "done",
  progress: 1,
  model: "m",
  prompt: "a lake",
  createdAt: new Date("2026-01-01T00:00:00Z"),
  updatedAt: null,
  completedAt: new Date("2026-01-01T00:01:00Z"),
  outputs: [output],
  failure: null,
  warnings: []
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")

const put = async (name: string, text: string, of: Output = output) => {
  const part = join(dir, ".part")
  await writeFile(part, text)
  const path = join(dir, name)
  const saved = {
    path,
    bytes: text.length,
    sha256: sha256(text),
    mediaType: "image/png",
    output: of,
    alreadySaved: false
  }
  await place(part, saved, task, new Date("2026-01-02T00:00:00Z"))
  return saved
}

describe("the note beside a file", () => {
  it("says what it is, of which task, and nothing that signs its link", async () => {
    await put("acme_1.png", "bytes")
    expect(await readFile(join(dir, "acme_1.png.json"), "utf8")).toBe(`{
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
    expect(await readFile(join(dir, "acme_1.png"), "utf8")).toBe("bytes")
  })

  it("of media that came inside the answer names no source", async () => {
    await put("acme_1.png", "bytes", { ...output, url: null, inline: { base64: "AAAA", bytes: 3 } })
    expect(JSON.parse(await readFile(join(dir, "acme_1.png.json"), "utf8"))).toMatchObject({ source: null })
  })
})

describe("what stands under an output's name", () => {
  const standing = () => findExisting(dir, "acme_1", output)

  it("is nothing in an empty folder, beside other files, hidden parts and a note alone", async () => {
    expect(await standing()).toEqual({ _tag: "Nothing" })
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
    expect(await standing()).toEqual({ _tag: "Nothing" })
  })

  it("is the output, whatever its extension, where the digest says so", async () => {
    const { path } = await put("acme_1.webp", "bytes")
    expect(await standing()).toEqual({
      _tag: "Saved",
      file: {
        path,
        bytes: 5,
        sha256: sha256("bytes"),
        mediaType: "image/png",
        output,
        alreadySaved: true
      }
    })
  })

  it("is the output even beside somebody else's file of that name", async () => {
    await writeFile(join(dir, "acme_1.aaa"), "mine")
    const { path } = await put("acme_1.png", "bytes")
    expect(await standing()).toMatchObject({ _tag: "Saved", file: { path } })
  })

  it("is broken where it is shorter than it was", async () => {
    const { path } = await put("acme_1.png", "bytes")
    await writeFile(path, "byte")
    expect(await standing()).toEqual({ _tag: "Broken" })
    await writeFile(path, "")
    expect(await standing()).toEqual({ _tag: "Broken" })
  })

  it.each([
    ["of the same length and other bytes", "BYTES"],
    ["longer", "bytes and more"]
  ])("is somebody else's where it is %s", async (_, text) => {
    const { path } = await put("acme_1.png", "bytes")
    await writeFile(path, text)
    expect(await standing()).toEqual({ _tag: "Foreign", path })
  })

  it.each([
    ["no note", undefined],
    ["a torn note", "{"],
    ["a note of another file", '{"file":"b.png","role":"result","bytes":5}'],
    ["a note of another role", '{"file":"acme_1.png","role":"thumbnail","bytes":5}'],
    ["a note that is nothing", "null"]
  ])("is somebody else's with %s", async (_, note) => {
    const { path } = await put("acme_1.png", "bytes")
    await (note === undefined ? rm(`${path}.json`) : writeFile(`${path}.json`, note))
    expect(await standing()).toEqual({ _tag: "Foreign", path })
  })

  it("is somebody else's where it is a folder", async () => {
    const { path } = await put("acme_1.png", "bytes")
    await rm(path)
    await mkdir(path)
    expect(await standing()).toEqual({ _tag: "Foreign", path })
  })
})
