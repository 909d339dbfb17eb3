/** The sample files. */
import { assert, describe, it } from "vitest"
import { mediaFormats } from "../src/index.ts"
import { loadMedia } from "../src/MediaLibrary.ts"
import { queryTask, start } from "./support.ts"

type Size = readonly [width: number, height: number]

const jpegSize = (bytes: Buffer): Size => {
  let offset = 2
  // Skip segments up to the frame header, whose marker is SOF0 to SOF2.
  while (bytes.readUInt8(offset + 1) < 0xc0 || bytes.readUInt8(offset + 1) > 0xc2) {
    offset += 2 + bytes.readUInt16BE(offset + 2)
  }
  return [bytes.readUInt16BE(offset + 7), bytes.readUInt16BE(offset + 5)]
}

const mp4Size = (bytes: Buffer): Size => {
  // The track header ends with its width and height as 16.16 fixed-point numbers.
  const header = bytes.indexOf("tkhd")
  const end = header - 4 + bytes.readUInt32BE(header - 4)
  return [bytes.readUInt16BE(end - 8), bytes.readUInt16BE(end - 4)]
}

const files = [
  {
    type: "png",
    contentType: "image/png",
    magic: "89504e470d0a1a0a",
    at: 0,
    size: (bytes: Buffer): Size => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)],
    expected: [256, 256]
  },
  { type: "jpeg", contentType: "image/jpeg", magic: "ffd8ff", at: 0, size: jpegSize, expected: [256, 256] },
  {
    type: "webp",
    contentType: "image/webp",
    magic: Buffer.from("WEBPVP8 ").toString("hex"),
    at: 8,
    size: (bytes: Buffer): Size => [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff],
    expected: [176, 320]
  },
  {
    type: "gif",
    contentType: "image/gif",
    magic: Buffer.from("GIF89a").toString("hex"),
    at: 0,
    size: (bytes: Buffer): Size => [bytes.readUInt16LE(6), bytes.readUInt16LE(8)],
    expected: [88, 160]
  },
  {
    type: "mp4",
    contentType: "video/mp4",
    magic: Buffer.from("ftyp").toString("hex"),
    at: 4,
    size: mp4Size,
    expected: [352, 640]
  },
  {
    type: "wav",
    contentType: "audio/wav",
    magic: Buffer.from("WAVEfmt ").toString("hex"),
    at: 8,
    // The sample rate in Hz and the bits of each sample.
    size: (bytes: Buffer): Size => [bytes.readUInt32LE(24), bytes.readUInt16LE(34)],
    expected: [8000, 8]
  }
] as const

describe("a sample", () => {
  it("exists for every format", () => {
    assert.sameMembers(
      files.map(({ type }) => type),
      [...mediaFormats]
    )
  })

  it.each(files)(
    "in the format $type has its magic bytes, dimensions and content type",
    async ({ type, contentType, magic, at, size, expected }) => {
      const emulator = await start()
      const { body } = await queryTask(
        emulator,
        emulator.addTask({ vendor: "jimmy", kind: "image", media: [type] })
      )
      const response = await fetch(body.data.result.image_url)
      const bytes = Buffer.from(await response.arrayBuffer())
      assert.strictEqual(response.headers.get("content-type"), contentType)
      assert.strictEqual(bytes.subarray(at, at + magic.length / 2).toString("hex"), magic)
      assert.deepEqual(size(bytes), expected)
      assert.isBelow(bytes.length, 20_000)
    }
  )

  it("of each part of a Sora video has the type of that part", async () => {
    const emulator = await start()
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "sora" }))
    const { encodings } = body.detail.draft_info
    const types = await Promise.all(
      [encodings.md, encodings.gif, encodings.source, encodings.source_wm, encodings.thumbnail].map(
        async ({ path }) => (await fetch(path)).headers.get("content-type")
      )
    )
    assert.deepEqual(types, ["video/mp4", "image/gif", "video/mp4", "video/mp4", "image/webp"])
  })

  it("has the same validators in every process", async () => {
    const [one, other] = [await loadMedia(), await loadMedia()]
    assert.deepEqual(
      mediaFormats.map((type) => one.file(type).etag),
      mediaFormats.map((type) => other.file(type).etag)
    )
  })
})
