import { describe, expect, it } from "vitest"
import { detectMarks } from "../../src/save/marks/detectMarks.ts"
import { maxSteps } from "../../src/save/marks/Marks.ts"

const none = { c2pa: false, iptc: false, aigc: false }
const unknown = { c2pa: null, iptc: null, aigc: null }

const bytes = (text: string): Buffer => Buffer.from(text, "latin1")
const big32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32BE(value)
  return buffer
}
const little32 = (value: number): Buffer => Buffer.from(big32(value).toReversed())

/** Detects the marks, and counts how much is read. */
const detect = async (file: Buffer, mediaType: string, size = file.length) => {
  let reads = 0
  let total = 0
  const marks = await detectMarks(
    {
      size,
      read: async (position, length) => {
        reads += 1
        const part = file.subarray(position, position + length)
        total += part.length
        return part
      }
    },
    mediaType
  )
  return { marks, reads, total }
}

const chunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([big32(data.length), bytes(type), data, Buffer.alloc(4)])
const png = (...chunks: ReadonlyArray<Buffer>): Buffer =>
  Buffer.concat([bytes("\x89PNG\r\n\x1a\n"), chunk("IHDR", Buffer.alloc(13)), ...chunks])
const end = chunk("IEND", Buffer.alloc(0))

const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff]), data])
const jpeg = (...segments: ReadonlyArray<Buffer>): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments, Buffer.from([0xff, 0xda, 0, 2, 1, 2, 0xff, 0xd9])])

const box = (type: string, data: Buffer): Buffer => Buffer.concat([big32(data.length + 8), bytes(type), data])
const uuidBox = (uuid: string, data: Buffer): Buffer =>
  box("uuid", Buffer.concat([Buffer.from(uuid.replaceAll("-", ""), "hex"), data]))
const mp4 = (...boxes: ReadonlyArray<Buffer>): Buffer =>
  Buffer.concat([box("ftyp", bytes("isom\0\0\0\0")), ...boxes])

const riffChunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([bytes(type), little32(data.length), data, Buffer.alloc(data.length % 2)])
const webp = (...chunks: ReadonlyArray<Buffer>): Buffer => {
  const body = Buffer.concat([bytes("WEBP"), ...chunks])
  return Buffer.concat([bytes("RIFF"), little32(body.length), body])
}

const trained = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
const iptcXmp = bytes(`<x:xmpmeta><rdf:Description Iptc4xmpExt:DigitalSourceType="${trained}"/></x:xmpmeta>`)
const aigcXmp = bytes(
  `<rdf:Description xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><TC260:AIGC>{}</TC260:AIGC></rdf:Description>`
)
const c2paUuid = "d8fec3d6-1b0e-483c-9297-5828877ec481"
const xmpUuid = "be7acfcb-97a9-42e8-9c71-999491e3afac"
const jumbf = Buffer.concat([
  bytes("JP\0\x01\0\0\0\x01"),
  box("jumb", box("jumd", bytes("c2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0")))
])
const label = bytes(`{"AIGC":{"Label":"1","ContentProducer":"001191110102MACQD9K64010000"}}`)

describe("detectMarks", () => {
  it.each([
    ["image/png", png(chunk("caBX", jumbf), end), { ...none, c2pa: true }],
    [
      "image/png",
      png(chunk("iTXt", bytes(`XML:com.adobe.xmp\0\0\0\0\0${iptcXmp.toString("latin1")}`)), end),
      { ...none, iptc: true }
    ],
    [
      "image/png",
      png(chunk("IDAT", Buffer.alloc(99)), chunk("tEXt", bytes("AIGC\0{}")), end),
      { ...none, aigc: true }
    ],
    ["image/png", png(chunk("IDAT", iptcXmp), end), none],
    ["image/jpeg", jpeg(segment(0xeb, jumbf)), { ...none, c2pa: true }],
    [
      "image/jpeg",
      jpeg(
        segment(0xeb, bytes("JP\0\x01\0\0\0\x01\0\0\0\x08jumbother")),
        segment(0xe1, Buffer.concat([bytes("http://ns.adobe.com/xap/1.0/\0"), aigcXmp]))
      ),
      { ...none, aigc: true }
    ],
    ["image/jpeg", jpeg(segment(0xe1, Buffer.concat([bytes("Exif\0\0"), label]))), { ...none, aigc: true }],
    [
      "image/webp",
      webp(riffChunk("VP8X", Buffer.alloc(9)), riffChunk("C2PA", jumbf), riffChunk("XMP ", iptcXmp)),
      { ...none, c2pa: true, iptc: true }
    ],
    [
      "video/mp4",
      mp4(uuidBox(c2paUuid, jumbf), box("mdat", iptcXmp), uuidBox(xmpUuid, aigcXmp)),
      { ...none, c2pa: true, aigc: true }
    ],
    [
      "video/mp4",
      mp4(box("moov", Buffer.concat([box("mvhd", Buffer.alloc(8)), box("udta", box("meta", label))]))),
      { ...none, aigc: true }
    ],
    ["image/avif", mp4(box("meta", Buffer.alloc(4)), box("mdat", iptcXmp)), { ...none, iptc: true }],
    [
      "image/svg+xml",
      bytes(`<svg><metadata><c2pa:manifest>AA==</c2pa:manifest></metadata></svg>`),
      { ...none, c2pa: true }
    ],
    [
      "image/png",
      png(chunk("iTXt", Buffer.from(iptcXmp.toString("latin1"), "utf16le")), end),
      { ...none, iptc: true }
    ],
    ["audio/mpeg", bytes("ID3"), unknown]
  ])("finds the marks of %s, case %#", async (mediaType, file, expected) => {
    expect((await detect(file, mediaType)).marks).toEqual(expected)
  })

  it.each([
    ["a truncated PNG", "image/png", png(chunk("IDAT", Buffer.alloc(10))).subarray(0, 40)],
    [
      "a PNG whose chunk is longer than the file",
      "image/png",
      png(Buffer.concat([big32(0xffffffff), bytes("iTXt")]))
    ],
    ["a JPEG without data", "image/jpeg", Buffer.from([0xff, 0xd8])],
    ["a JPEG whose segment has no length", "image/jpeg", Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 0, 0, 0])],
    ["an MP4 whose box has length 1", "video/mp4", mp4(Buffer.concat([big32(1), bytes("moov")]))],
    [
      "an MP4 whose box is shorter than its header",
      "video/mp4",
      mp4(Buffer.concat([big32(4), bytes("moov")]))
    ],
    [
      "an MP4 whose box has 2^63 bytes",
      "video/mp4",
      mp4(Buffer.concat([big32(1), bytes("moov"), Buffer.alloc(8, 0x7f)]))
    ],
    [
      "a WebP whose chunk is longer than the file",
      "image/webp",
      webp(Buffer.concat([bytes("XMP "), little32(0xffffffff)]))
    ],
    ["other bytes", "video/mp4", Buffer.alloc(64, 0xff)],
    ["an empty file", "image/png", Buffer.alloc(0)]
  ])("does not know the marks of %s", async (_, mediaType, file) => {
    expect((await detect(file, mediaType)).marks).toEqual(unknown)
  })

  it("keeps what it found before the file becomes invalid", async () => {
    const { marks } = await detect(jpeg(segment(0xeb, jumbf)).subarray(0, -10), "image/jpeg")
    expect(marks).toEqual({ c2pa: true, iptc: null, aigc: null })
  })

  it("visits a limited number of parts", async () => {
    const { marks, reads } = await detect(
      png(...Array.from({ length: 3 * maxSteps }, () => chunk("IDAT", Buffer.alloc(1))), end),
      "image/png"
    )
    expect(marks).toEqual(unknown)
    expect(reads).toBeLessThanOrEqual(maxSteps)
    const endless = await detect(
      Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(1e5, 0xff)]),
      "image/jpeg"
    )
    expect(endless.marks).toEqual(unknown)
    expect(endless.reads).toBeLessThanOrEqual(maxSteps)
  })

  it("reads a limited amount of text", async () => {
    const texts = Array.from({ length: 20 }, () => chunk("iTXt", Buffer.alloc(300_000, "digitalsourcetype ")))
    const { marks, total } = await detect(png(...texts, chunk("caBX", jumbf), end), "image/png")
    expect(marks).toEqual({ c2pa: true, iptc: null, aigc: null })
    expect(total).toBeLessThan(1.1 * 1024 * 1024)
  })

  it("does not know the marks of a file that cannot be read", async () => {
    const read = () => Promise.reject(new Error("EIO"))
    expect(await detectMarks({ size: 1e6, read }, "image/png")).toEqual(unknown)
  })
})
