import { createHash } from "node:crypto"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { hasCompleteEnd, matchesDigestHeader } from "../../src/save/download/integrity.ts"

let dir = ""
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const media = (name: string) => readFile(new URL(`../../../emulator/media/${name}`, import.meta.url))

const fileOf = async (bytes: Uint8Array): Promise<string> => {
  const path = join(dir, createHash("sha256").update(bytes).digest("hex"))
  await writeFile(path, bytes)
  return path
}

describe("hasCompleteEnd", () => {
  it.each([
    ["sample.png", "image/png"],
    ["sample.jpeg", "image/jpeg"],
    ["sample.gif", "image/gif"],
    ["sample.webp", "image/webp"],
    ["sample.mp4", "video/mp4"]
  ])("accepts a complete %s and rejects a truncated one", async (name, mediaType) => {
    const bytes = await media(name)
    expect(await hasCompleteEnd(await fileOf(bytes), mediaType)).toBe(true)
    for (const length of [bytes.length - 1, Math.floor(bytes.length / 2), 20]) {
      const isComplete = await hasCompleteEnd(await fileOf(bytes.subarray(0, length)), mediaType)
      expect({ length, isComplete }).toEqual({ length, isComplete: false })
    }
  })

  it("follows the boxes of an MP4, with 64-bit lengths and a box that extends to the end", async () => {
    const box = (length: number, name: string, rest: Uint8Array): Buffer => {
      const header = Buffer.alloc(8)
      header.writeUInt32BE(length)
      header.write(name, 4, "latin1")
      return Buffer.concat([header, rest])
    }
    const first = box(16, "ftyp", Buffer.alloc(8))
    const largeBox = (length: bigint): Buffer => {
      const size = Buffer.alloc(8)
      size.writeBigUInt64BE(length)
      return box(1, "mdat", Buffer.concat([size, Buffer.alloc(4)]))
    }
    const isComplete = async (...boxes: ReadonlyArray<Buffer>) =>
      hasCompleteEnd(await fileOf(Buffer.concat(boxes)), "video/mp4")
    expect(await isComplete(first, box(12, "free", Buffer.alloc(4)))).toBe(true)
    expect(await isComplete(first, box(8, "free", Buffer.alloc(0)))).toBe(true)
    expect(await isComplete(first, largeBox(20n))).toBe(true)
    expect(await isComplete(first, largeBox(21n))).toBe(false)
    expect(await isComplete(first, box(0, "mdat", Buffer.alloc(100)))).toBe(true)
    expect(await isComplete(first, box(7, "mdat", Buffer.alloc(100)))).toBe(false)
    expect(await isComplete(first, Buffer.from([0, 0, 0, 1, 109, 100, 97]))).toBe(false)
    expect(await isComplete(first, box(1, "mdat", Buffer.alloc(2)))).toBe(false)
  })

  it("accepts a JPEG whose end marker is within the last 4096 bytes", async () => {
    const bytes = await media("sample.jpeg")
    const withTrailer = (length: number) => fileOf(Buffer.concat([bytes, Buffer.alloc(length)]))
    expect(await hasCompleteEnd(await withTrailer(1000), "image/jpeg")).toBe(true)
    expect(await hasCompleteEnd(await withTrailer(5000), "image/jpeg")).toBe(false)
  })

  it("accepts every file of a format without an end marker", async () => {
    expect(await hasCompleteEnd(await fileOf(Buffer.from("x")), "audio/mpeg")).toBe(true)
  })
})

describe("matchesDigestHeader", () => {
  const bytes = Buffer.from("the bytes")
  const digest = (algorithm: string, data = bytes): string =>
    createHash(algorithm).update(data).digest("base64")
  const otherBytes = Buffer.from("other bytes")

  it.each([
    ["repr-digest", `sha-256=:${digest("sha256")}:`, `sha-256=:${digest("sha256", otherBytes)}:`],
    ["digest", `SHA-256=${digest("sha256")}`, `SHA-256=${digest("sha256", otherBytes)}`],
    ["repr-digest", `sha-512=:${digest("sha512")}:`, `sha-512=:${digest("sha512", otherBytes)}:`],
    ["content-md5", digest("md5"), digest("md5", otherBytes)]
  ])("checks the digest in %s", async (header, right, wrong) => {
    const path = await fileOf(bytes)
    expect(await matchesDigestHeader(path, { [header]: right }, false)).toBe(true)
    expect(await matchesDigestHeader(path, { [header]: wrong }, false)).toBe(false)
  })

  it("ignores Content-MD5 of a partial response, and absent or invalid digests", async () => {
    const path = await fileOf(bytes)
    expect(await matchesDigestHeader(path, { "content-md5": digest("md5", otherBytes) }, true)).toBe(true)
    expect(await matchesDigestHeader(path, {}, false)).toBe(true)
    expect(await matchesDigestHeader(path, { "content-md5": "not a digest" }, false)).toBe(true)
  })
})
