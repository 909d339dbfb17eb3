import { createHash } from "node:crypto"
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import {
  appendToPartFile,
  hashExistingBytes,
  openPartFile,
  removeMetadata,
  resetPartFile
} from "../../src/save/download/PartFile.ts"
import type { PartFile } from "../../src/save/download/PartFile.ts"

let folder = ""
let path = ""
const opened: Array<PartFile> = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gentask-"))
  path = join(folder, ".a.part")
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((part) => part.handle.close()))
  await rm(folder, { recursive: true, force: true })
})

const open = async (): Promise<PartFile> => {
  const part = await openPartFile(path)
  opened.push(part)
  return part
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")
const digest = (part: PartFile): string => part.hash.copy().digest("hex")
const notAborted = new AbortController().signal
const metadata = { validator: '"v1"', total: 6 }

describe("openPartFile", () => {
  it("keeps the bytes, digest and metadata of an earlier run", async () => {
    const first = await open()
    await resetPartFile(first, metadata)
    await appendToPartFile(first, [Buffer.from("abc")])
    const second = await open()
    await hashExistingBytes(second, notAborted)
    expect({ size: second.size, metadata: second.metadata }).toEqual({ size: 3, metadata })
    await appendToPartFile(second, [Buffer.from("def")])
    expect(digest(second)).toBe(sha256("abcdef"))
    expect(await readFile(path, "utf8")).toBe("abcdef")
  })

  it("keeps the bytes of a file of unknown length", async () => {
    await resetPartFile(await open(), { validator: '"v1"', total: undefined })
    expect((await open()).metadata).toEqual({ validator: '"v1"', total: undefined })
  })

  it.each([
    ["is absent", undefined],
    ["is truncated", '{"validator":'],
    ["has no validator", "{}"],
    ["has a validator of the wrong type", '{"validator":5,"total":6}'],
    ["is not an object", "null"]
  ])("discards the bytes if the metadata %s", async (_, json) => {
    await writeFile(path, "abc")
    if (json !== undefined) await writeFile(`${path}.json`, json)
    const part = await open()
    expect({ size: part.size, metadata: part.metadata, bytes: await readFile(path, "utf8") }).toEqual({
      size: 0,
      metadata: undefined,
      bytes: ""
    })
  })

  it("ignores a total that is not a number", async () => {
    await writeFile(path, "abc")
    await writeFile(`${path}.json`, '{"validator":"x","total":"6"}')
    expect((await open()).metadata).toEqual({ validator: "x", total: undefined })
  })

  it("ignores metadata if the part file does not exist", async () => {
    await writeFile(`${path}.json`, JSON.stringify(metadata))
    const part = await open()
    expect({ size: part.size, metadata: part.metadata }).toEqual({ size: 0, metadata: undefined })
    await resetPartFile(part, undefined)
    expect(await readdir(folder)).toEqual([".a.part"])
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
    expect((await readdir(folder)).toSorted()).toEqual([".a.part", ".a.part.json"])
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
  it("discards bytes, digest and metadata", async () => {
    const part = await open()
    await resetPartFile(part, metadata)
    await appendToPartFile(part, [Buffer.from("abcdef")])
    await resetPartFile(part, undefined)
    expect({ size: part.size, metadata: part.metadata, names: await readdir(folder) }).toEqual({
      size: 0,
      metadata: undefined,
      names: [".a.part"]
    })
    await appendToPartFile(part, [Buffer.from("xy")])
    expect(digest(part)).toBe(sha256("xy"))
    expect(await readFile(path, "utf8")).toBe("xy")
  })

  it("removes the metadata before the bytes, so that it never belongs to other bytes", async () => {
    const part = await open()
    await resetPartFile(part, metadata)
    await appendToPartFile(part, [Buffer.from("abc")])
    Object.assign(part.handle, { truncate: () => Promise.reject(new Error("no")) })
    await expect(resetPartFile(part, metadata)).rejects.toThrow("no")
    expect(await readdir(folder)).toEqual([".a.part"])
  })
})

describe("hashExistingBytes", () => {
  it("rejects when the signal is aborted", async () => {
    const part = await open()
    await resetPartFile(part, metadata)
    await appendToPartFile(part, [Buffer.from("abc")])
    await expect(hashExistingBytes(await open(), AbortSignal.abort())).rejects.toThrow("aborted")
  })
})

describe("removeMetadata", () => {
  it("removes the metadata, and does nothing without metadata", async () => {
    await resetPartFile(await open(), metadata)
    await removeMetadata(path)
    await removeMetadata(path)
    expect(await readdir(folder)).toEqual([".a.part"])
  })
})
