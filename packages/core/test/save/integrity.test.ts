import { createHash } from "node:crypto"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { hasCompleteEnd, matchesDigest } from "../../src/save/download/integrity.ts"

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

describe("the end of a file", () => {
  it.each([
    ["sample.png", "image/png"],
    ["sample.jpeg", "image/jpeg"],
    ["sample.gif", "image/gif"],
    ["sample.webp", "image/webp"],
    ["sample.mp4", "video/mp4"]
  ])("tells a whole %s from one cut short", async (name, mime) => {
    const bytes = await media(name)
    expect(await hasCompleteEnd(await fileOf(bytes), mime)).toBe(true)
    for (const cut of [bytes.length - 1, Math.floor(bytes.length / 2), 20]) {
      // A JPEG's end is two bytes that may stand earlier as well: only its last bytes are looked at.
      const isWhole = await hasCompleteEnd(await fileOf(bytes.subarray(0, cut)), mime)
      expect({ cut, isWhole }).toEqual({ cut, isWhole: false })
    }
  })

  it("of an MP4 is where its last box ends, long boxes and open ones included", async () => {
    const box = (length: number, name: string, rest: Uint8Array): Buffer => {
      const head = Buffer.alloc(8)
      head.writeUInt32BE(length)
      head.write(name, 4, "latin1")
      return Buffer.concat([head, rest])
    }
    const first = box(16, "ftyp", Buffer.alloc(8))
    const long = (length: bigint): Buffer => {
      const size = Buffer.alloc(8)
      size.writeBigUInt64BE(length)
      return box(1, "mdat", Buffer.concat([size, Buffer.alloc(4)]))
    }
    const isWhole = async (...boxes: ReadonlyArray<Buffer>) =>
      hasCompleteEnd(await fileOf(Buffer.concat(boxes)), "video/mp4")
    expect(await isWhole(first, box(12, "free", Buffer.alloc(4)))).toBe(true)
    expect(await isWhole(first, box(8, "free", Buffer.alloc(0)))).toBe(true)
    expect(await isWhole(first, long(20n))).toBe(true)
    expect(await isWhole(first, long(21n))).toBe(false)
    expect(await isWhole(first, box(0, "mdat", Buffer.alloc(100)))).toBe(true)
    expect(await isWhole(first, box(7, "mdat", Buffer.alloc(100)))).toBe(false)
    expect(await isWhole(first, Buffer.from([0, 0, 0, 1, 109, 100, 97]))).toBe(false)
    expect(await isWhole(first, box(1, "mdat", Buffer.alloc(2)))).toBe(false)
  })

  it("of a JPEG may be followed by a few bytes", async () => {
    const bytes = await media("sample.jpeg")
    expect(await hasCompleteEnd(await fileOf(Buffer.concat([bytes, Buffer.alloc(1000)])), "image/jpeg")).toBe(
      true
    )
    expect(await hasCompleteEnd(await fileOf(Buffer.concat([bytes, Buffer.alloc(5000)])), "image/jpeg")).toBe(
      false
    )
  })

  it("is not asked of formats that have none", async () => {
    expect(await hasCompleteEnd(await fileOf(Buffer.from("x")), "audio/mpeg")).toBe(true)
  })
})

describe("the digest that a server names", () => {
  const bytes = Buffer.from("the bytes")
  const of = (algorithm: string, data = bytes): string => createHash(algorithm).update(data).digest("base64")
  const wrong = Buffer.from("other bytes")

  it.each([
    ["repr-digest", `sha-256=:${of("sha256")}:`, `sha-256=:${of("sha256", wrong)}:`],
    ["digest", `SHA-256=${of("sha256")}`, `SHA-256=${of("sha256", wrong)}`],
    ["repr-digest", `sha-512=:${of("sha512")}:`, `sha-512=:${of("sha512", wrong)}:`],
    ["content-md5", of("md5"), of("md5", wrong)]
  ])("is checked: %s", async (header, right, other) => {
    const path = await fileOf(bytes)
    expect(await matchesDigest(path, { [header]: right }, false)).toBe(true)
    expect(await matchesDigest(path, { [header]: other }, false)).toBe(false)
  })

  it("is the part's for Content-MD5 on a part, and absent elsewhere", async () => {
    const path = await fileOf(bytes)
    expect(await matchesDigest(path, { "content-md5": of("md5", wrong) }, true)).toBe(true)
    expect(await matchesDigest(path, {}, false)).toBe(true)
    expect(await matchesDigest(path, { "content-md5": "no digest" }, false)).toBe(true)
  })
})
