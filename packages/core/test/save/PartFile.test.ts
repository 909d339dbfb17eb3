import { createHash } from "node:crypto"
import { link, lstat, mkdtemp, readFile, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import {
  appendToPartFile,
  closePartFile,
  createPartFile,
  discardPartFile,
  isIntact,
  notePartFile,
  releasePartFile,
  resetPartFile
} from "../../src/save/download/PartFile.ts"
import type { PartFile } from "../../src/save/download/PartFile.ts"
import { readNote, writeNote } from "../../src/save/download/PartNote.ts"

let folder = ""
let path = ""
const opened: Array<PartFile> = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gentask-"))
  path = join(folder, ".a.part")
})
afterEach(async () => {
  // Closing waits for a note that is being written.
  await Promise.all(opened.splice(0).map((part) => closePartFile(part).catch(() => undefined)))
  await rm(folder, { recursive: true, force: true })
})

const open = async (): Promise<PartFile> => {
  const part = await createPartFile(path)
  opened.push(part)
  return part
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")
const digest = (part: PartFile): string => part.hash.copy().digest("hex")
const identity = {
  source: "https://files.example.com/a.png",
  query: ["q"],
  sha256: null,
  position: 1,
  count: 2
}
const metadata = { identity, validator: '"v1"', total: 6, contentType: "image/png" }
const noteOf = (text: string) => ({ ...metadata, bytes: text.length, sha256: sha256(text) })
const files = async () => (await readdir(folder)).toSorted()

/** A part file with some bytes of a download that can be resumed. */
const partOf = async (text: string): Promise<PartFile> => {
  const part = await open()
  await resetPartFile(part, metadata)
  await appendToPartFile(part, [Buffer.from(text)])
  return part
}

describe("createPartFile", () => {
  it("fails if the path exists, also if it is a symbolic link", async () => {
    const victim = join(folder, "precious.txt")
    await symlink(victim, path)
    await expect(createPartFile(path)).rejects.toMatchObject({ code: "EEXIST" })
    expect(await files()).toEqual([".a.part"])
  })
})

describe("appendToPartFile", () => {
  it("adds chunks to the file and to its digest", async () => {
    const part = await open()
    await resetPartFile(part, metadata)
    await appendToPartFile(part, [Buffer.from("abc")])
    await appendToPartFile(part, [Buffer.from("def")])
    expect({ size: part.size, metadata: part.metadata, digest: digest(part) }).toEqual({
      size: 6,
      metadata,
      digest: sha256("abcdef")
    })
    expect(await readFile(path, "utf8")).toBe("abcdef")
  })

  it("continues after a write that wrote fewer bytes than requested", async () => {
    const part = await open()
    const { handle } = part
    const write = handle.write.bind(handle)
    Object.assign(handle, {
      writev: ([first]: ReadonlyArray<Buffer>, position: number) =>
        write(first ?? Buffer.alloc(0), 0, Math.min(2, first?.length ?? 0), position)
    })
    await appendToPartFile(part, [Buffer.from("abc"), Buffer.from("de")])
    await appendToPartFile(part, [Buffer.from("fgh")])
    expect(await readFile(path, "utf8")).toBe("abcdefgh")
    expect(digest(part)).toBe(sha256("abcdefgh"))
  })

  it("rejects with the error of the write if hashing fails too", async () => {
    const part = await open()
    Object.assign(part.handle, { writev: () => Promise.reject(new Error("full")) })
    part.hash.digest()
    await expect(appendToPartFile(part, [Buffer.from("abc")])).rejects.toThrow("full")
  })
})

describe("resetPartFile", () => {
  it("discards bytes, digest, metadata and note", async () => {
    const part = await partOf("abcdef")
    await notePartFile(part)
    await resetPartFile(part, undefined)
    expect({ size: part.size, metadata: part.metadata, names: await files() }).toEqual({
      size: 0,
      metadata: undefined,
      names: [".a.part"]
    })
    await appendToPartFile(part, [Buffer.from("xy")])
    expect(digest(part)).toBe(sha256("xy"))
    expect(await readFile(path, "utf8")).toBe("xy")
  })

  it("removes the note before the bytes, so that it never belongs to other bytes", async () => {
    const part = await partOf("abc")
    await notePartFile(part)
    Object.assign(part.handle, { truncate: () => Promise.reject(new Error("no")) })
    await expect(resetPartFile(part, metadata)).rejects.toThrow("no")
    expect(await files()).toEqual([".a.part"])
  })
})

describe("the note of a part file", () => {
  it("describes the bytes at the time when it was written, and is replaced in one step", async () => {
    const part = await partOf("abc")
    await notePartFile(part)
    expect((await readNote(path))?.note).toEqual(noteOf("abc"))
    await appendToPartFile(part, [Buffer.from("de")])
    expect((await readNote(path))?.note).toEqual(noteOf("abc"))
    await notePartFile(part)
    expect((await readNote(path))?.note).toEqual(noteOf("abcde"))
    expect(await files()).toEqual([".a.part", ".a.part.json"])
  })

  it("is written soon after bytes were received, also if no more follow", async () => {
    const part = await partOf("abc")
    await vi.waitFor(async () => expect((await readNote(path))?.note).toEqual(noteOf("abc")), 15_000)
    await appendToPartFile(part, [Buffer.from("def")])
    await vi.waitFor(async () => expect((await readNote(path))?.note).toEqual(noteOf("abcdef")), 15_000)
  })

  it("is not written for a download that cannot be resumed", async () => {
    const part = await open()
    await appendToPartFile(part, [Buffer.from("abc")])
    await notePartFile(part)
    expect(await files()).toEqual([".a.part"])
  })

  it("is not written while the digest covers other bytes than the file", async () => {
    const part = await partOf("abc")
    await notePartFile(part)
    Object.assign(part.handle, { writev: () => Promise.reject(new Error("full")) })
    await expect(appendToPartFile(part, [Buffer.from("def")])).rejects.toThrow("full")
    await notePartFile(part)
    expect((await readNote(path))?.note).toEqual(noteOf("abc"))
  })

  it("does not follow a symbolic link in its place", async () => {
    const victim = join(folder, "precious.txt")
    await writeFile(victim, "precious")
    for (const name of [`${path}.json`, `${path}.json.new`]) await symlink(victim, name)
    await writeNote(path, noteOf("abc"))
    expect((await lstat(`${path}.json`)).isFile()).toBe(true)
    await rm(`${path}.json`)
    await symlink(victim, `${path}.json`)
    expect(await readFile(victim, "utf8")).toBe("precious")
    await writeFile(victim, JSON.stringify(noteOf("abc")))
    expect(await readNote(path)).toBeUndefined()
  })

  it.each([
    ["is absent", undefined],
    ["is truncated", '{"validator":'],
    ["has no validator", JSON.stringify({ ...noteOf("abc"), validator: undefined })],
    ["has no identity", JSON.stringify({ ...noteOf("abc"), identity: {} })],
    ["has no digest", JSON.stringify({ ...noteOf("abc"), sha256: null })],
    ["has no bytes", JSON.stringify({ ...noteOf("abc"), bytes: 0 })],
    ["has a negative size", JSON.stringify({ ...noteOf("abc"), bytes: -1 })],
    ["is not an object", "null"]
  ])("is ignored if it %s", async (_, json) => {
    if (json !== undefined) await writeFile(`${path}.json`, json)
    expect(await readNote(path)).toBeUndefined()
  })

  it("may lack the total and the type", async () => {
    await writeFile(`${path}.json`, JSON.stringify({ ...noteOf("abc"), total: "6", contentType: 5 }))
    expect((await readNote(path))?.note).toEqual({
      ...noteOf("abc"),
      total: undefined,
      contentType: undefined
    })
  })
})

describe("isIntact", () => {
  it("is true until the file is changed, replaced or linked", async () => {
    const part = await partOf("abc")
    expect(await isIntact(part)).toBe(true)
    await link(path, join(folder, "other"))
    expect(await isIntact(part)).toBe(false)
    await rm(join(folder, "other"))
    await truncate(path, 2)
    expect(await isIntact(part)).toBe(false)
    await rm(path)
    expect(await isIntact(part)).toBe(false)
    await writeFile(path, "xyz")
    expect(await isIntact(part)).toBe(false)
    await rm(path)
    await writeFile(join(folder, "target"), "abc")
    await symlink(join(folder, "target"), path)
    expect(await isIntact(part)).toBe(false)
  })
})

describe("closing a part file", () => {
  const released = () => join(folder, ".a.released")

  it("removes its note if the bytes are stored", async () => {
    const part = await partOf("abc")
    await notePartFile(part)
    await closePartFile(part)
    expect(await files()).toEqual([".a.part"])
  })

  it("removes file and note if it is discarded", async () => {
    const part = await partOf("abc")
    await notePartFile(part)
    await discardPartFile(part)
    expect(await files()).toEqual([])
  })

  it("gives it a name without an owner if it can be resumed, with a note of all bytes", async () => {
    const part = await partOf("abc")
    await releasePartFile(part, released())
    expect(await files()).toEqual([".a.released", ".a.released.json"])
    expect((await readNote(released()))?.note).toEqual(noteOf("abc"))
  })

  it("waits for a write that is in progress", async () => {
    const part = await partOf("abc")
    void appendToPartFile(part, [Buffer.alloc(1_000_000)])
    await releasePartFile(part, released())
    expect((await readNote(released()))?.note.bytes).toBe(1_000_003)
  })

  it("keeps the last note if no other can be written", async () => {
    const part = await partOf("abc")
    await notePartFile(part)
    Object.assign(part.handle, { writev: () => Promise.reject(new Error("full")) })
    await expect(appendToPartFile(part, [Buffer.from("def")])).rejects.toThrow("full")
    await releasePartFile(part, released())
    expect((await readNote(released()))?.note).toEqual(noteOf("abc"))
  })

  it.each([
    ["has no bytes", ""],
    ["cannot be resumed", "abc"]
  ])("removes it if it %s", async (_, text) => {
    const part = await open()
    await appendToPartFile(part, [Buffer.from(text)])
    await releasePartFile(part, released())
    expect(await files()).toEqual([])
  })
})
