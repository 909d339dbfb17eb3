/** Bytes that make a media file larger and leave it decodable: each type has a place for what nobody reads. */
import { createHash } from "node:crypto"
import { crc32 } from "node:zlib"
import type { ByteSource } from "./ByteSource.ts"
import { joined } from "./ByteSource.ts"
import type { MediaType } from "./Media.ts"

/** How one media type is padded. Padding comes in units that each can be made alone, so that any range can be read. */
interface Padder {
  /** Where in a file its padding begins. */
  readonly place: (file: Buffer) => number
  /** Bytes of every unit but the last. */
  readonly unit: number
  /** Bytes of the smallest unit. */
  readonly smallest: number
  /** A unit of so many bytes, in parts, with the stamp among what can be any bytes. */
  readonly make: (length: number, stamp: Buffer) => readonly Uint8Array[]
}

const mebibyte = 1_048_576

let filler: Buffer | undefined

/** Up to a mebibyte that no compression makes smaller. It is shared, since copies of it would cost most of the time. */
const fillerOf = (length: number): Buffer => {
  filler ??= createHash("shake256", { outputLength: mebibyte }).update("gentask").digest()
  return filler.subarray(0, length)
}

const anyBytes = (length: number, stamp: Buffer): readonly Buffer[] => [
  stamp.subarray(0, length),
  fillerOf(Math.max(0, length - stamp.length))
]

const pngChunk: Padder["make"] = (length, stamp) => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(length - 12, 0)
  // Ancillary, private, safe to copy: a decoder that does not know it goes on.
  head.write("gtPd", 4, "latin1")
  const content = anyBytes(length - 12, stamp)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(content.reduce((before, bytes) => crc32(bytes, before), crc32(head.subarray(4))))
  return [head, ...content, sum]
}

const jpegComment: Padder["make"] = (length, stamp) => {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(0xff_fe, 0)
  head.writeUInt16BE(length - 2, 2)
  return [head, ...anyBytes(length - 4, stamp)]
}

const gifComment: Padder["make"] = (length, stamp) => {
  const unit = Buffer.concat(anyBytes(length, Buffer.concat([Buffer.alloc(3), stamp])))
  unit.writeUInt16BE(0x21_fe, 0)
  const end = length - 1
  for (let at = 2; at < end;) {
    const left = end - at
    // A block has at least one byte after its length: a last place for one byte alone must not remain.
    const block = left === 257 ? 255 : Math.min(256, left)
    unit.writeUInt8(block - 1, at)
    at += block
  }
  unit.writeUInt8(0, end)
  return [unit]
}

const webpChunk: Padder["make"] = (length, stamp) => {
  const head = Buffer.alloc(8)
  head.write("GTPD", 0, "latin1")
  // Chunks have an even length; in a file with an odd one, the last byte is outside of all.
  head.writeUInt32LE(Math.floor((length - 8) / 2) * 2, 4)
  return [head, ...anyBytes(length - 8, stamp)]
}

const freeBox: Padder["make"] = (length, stamp) => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(length, 0)
  head.write("free", 4, "latin1")
  return [head, ...anyBytes(length - 8, stamp)]
}

const afterPngHeader = 33

const afterJfif = (file: Buffer): number => (file.readUInt16BE(2) === 0xff_e0 ? 4 + file.readUInt16BE(4) : 2)

const afterGifColours = (file: Buffer): number => {
  const flags = file.readUInt8(10)
  return 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
}

// A JPEG comment has 65,533 bytes at most, and a last unit may be larger than the others.
const padders: Record<MediaType, Padder> = {
  png: { place: () => afterPngHeader, unit: mebibyte, smallest: 12, make: pngChunk },
  jpeg: { place: afterJfif, unit: 32_768, smallest: 4, make: jpegComment },
  webp: { place: (file) => file.length, unit: mebibyte, smallest: 8, make: webpChunk },
  gif: { place: afterGifColours, unit: 32_768, smallest: 5, make: gifComment },
  mp4: { place: (file) => file.length, unit: mebibyte, smallest: 8, make: freeBox }
}

/** What tells units apart, so that no two places of a file hold the same bytes. */
const stampOf = (index: number, revision: number): Buffer => {
  const stamp = Buffer.alloc(16)
  stamp.writeUIntBE(index, 0, 6)
  stamp.writeUInt32BE(revision, 6)
  return stamp
}

/** Where the padding of a file begins. */
export const paddingPlace = (type: MediaType, file: Buffer): number => padders[type].place(file)

/** So many bytes of padding, different at every place and in every revision. */
export const makePadding = (type: MediaType, length: number, revision: number): ByteSource => {
  const { unit: size, smallest, make } = padders[type]
  const fullUnits = Math.max(0, Math.floor((length - smallest) / size))
  const lengthOf = (index: number): number => (index < fullUnits ? size : length - fullUnits * size)
  return {
    length,
    read: function* (first, end) {
      for (let at = first; at < end;) {
        const index = Math.min(Math.floor(at / size), fullUnits)
        const start = index * size
        const stop = Math.min(end, start + lengthOf(index))
        yield* joined(make(lengthOf(index), stampOf(index, revision))).read(at - start, stop - start)
        at = stop
      }
    }
  }
}
