/** Media files of several formats, as small as their structure allows. */
import { readFile } from "node:fs/promises"

const sample = (name: string) => readFile(new URL(`../../../emulator/media/${name}`, import.meta.url))

/** Complete files that programs can display. */
export const [png, jpeg, gif, webp, mp4] = (await Promise.all(
  ["sample.png", "sample.jpeg", "sample.gif", "sample.webp", "sample.mp4"].map(sample)
)) as [Buffer, Buffer, Buffer, Buffer, Buffer]

const filler = (bytes: number): Buffer =>
  Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 167 + 13) % 251))

/** A box of an MP4 (ISO 14496-12). */
export const box = (type: string, content: Uint8Array, length = content.length + 8): Buffer => {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(length)
  header.write(type, 4, "latin1")
  return Buffer.concat([header, content])
}

/** The first box of an MP4 with this brand. */
export const ftyp = (brand = "isom"): Buffer => box("ftyp", Buffer.from(`${brand}\0\0\0\0${brand}`, "latin1"))

/** A chunked container of Microsoft: `WAVE`, `WEBP` or `AVI `. */
export const riff = (type: string, declaredBytes?: number): Buffer => {
  const content = filler(200)
  content.write(type === "WAVE" ? "fmt " : "LIST", 0, "latin1")
  const header = Buffer.alloc(12)
  header.write("RIFF", 0, "latin1")
  header.writeUInt32LE(declaredBytes ?? content.length + 4, 4)
  header.write(type, 8, "latin1")
  return Buffer.concat([header, content])
}

/** A WebM whose segment has this many bytes according to its header. */
export const webm = (declaredBytes: number | "unknown", contentBytes = 200): Buffer => {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(declaredBytes === "unknown" ? 2n ** 56n - 1n : BigInt(declaredBytes))
  size[0] = 1
  const header = Buffer.from(
    "1a45dfa39f4286810142f7810142f2810442f381084282847765626d4287810242858102",
    "hex"
  )
  return Buffer.concat([header, Buffer.from("18538067", "hex"), size, filler(contentBytes)])
}

/** MPEG-1 audio, layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes. */
export const mp3 = (frames = 20): Buffer =>
  Buffer.concat(
    Array.from({ length: frames }, () => Buffer.concat([Buffer.from("fffb9064", "hex"), filler(413)]))
  )

/** AAC in ADTS: frames of 200 bytes. */
export const adts = (frames = 20): Buffer =>
  Buffer.concat(
    Array.from({ length: frames }, () => Buffer.concat([Buffer.from("fff15080191ffc", "hex"), filler(193)]))
  )

/** A page of an Ogg stream (RFC 3533). */
export const oggPage = (isLast: boolean, contentBytes = 100): Buffer => {
  const header = Buffer.alloc(28)
  header.write("OggS", 0, "latin1")
  header[5] = isLast ? 4 : 2
  header[26] = 1
  header[27] = contentBytes
  return Buffer.concat([header, filler(contentBytes)])
}

/** Packets of an MPEG transport stream. */
export const transportStream = (packets = 10): Buffer =>
  Buffer.concat(Array.from({ length: packets }, () => Buffer.concat([Buffer.from([0x47]), filler(187)])))
