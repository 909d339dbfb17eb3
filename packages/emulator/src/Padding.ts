/** Bytes that enlarge a media file and keep it decodable: each format has a place for data that decoders ignore. */
import { createHash } from "node:crypto"
import { crc32 } from "node:zlib"
import type { ByteSource } from "./ByteSource.ts"
import { concatenate } from "./ByteSource.ts"
import type { MediaFormat } from "./MediaFormat.ts"

/** How one format is padded. Padding consists of units that can be generated separately, so that ranges are cheap. */
interface Padder {
  /** The offset in a file where its padding starts. */
  readonly offset: (file: Buffer) => number
  /** Bytes of every unit but the last. */
  readonly unitSize: number
  /** Bytes of the smallest possible unit. */
  readonly minUnitSize: number
  /** A unit of `length` bytes, in chunks. Its content starts with the stamp. */
  readonly makeUnit: (length: number, stamp: Buffer) => readonly Uint8Array[]
}

const mebibyte = 1_048_576

let filler: Buffer | undefined

/** Up to a mebibyte of incompressible bytes. The buffer is shared, since copies would take most of the time. */
const fillerOf = (length: number): Buffer => {
  filler ??= createHash("shake256", { outputLength: mebibyte }).update("gentask").digest()
  return filler.subarray(0, length)
}

const unitContent = (length: number, stamp: Buffer): readonly Buffer[] => [
  stamp.subarray(0, length),
  fillerOf(Math.max(0, length - stamp.length))
]

const pngChunk: Padder["makeUnit"] = (length, stamp) => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(length - 12, 0)
  // Ancillary, private and safe to copy: decoders skip a chunk of this type.
  head.write("gtPd", 4, "latin1")
  const content = unitContent(length - 12, stamp)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(content.reduce((previous, bytes) => crc32(bytes, previous), crc32(head.subarray(4))))
  return [head, ...content, checksum]
}

const jpegComment: Padder["makeUnit"] = (length, stamp) => {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(0xff_fe, 0)
  head.writeUInt16BE(length - 2, 2)
  return [head, ...unitContent(length - 4, stamp)]
}

const gifComment: Padder["makeUnit"] = (length, stamp) => {
  const unit = Buffer.concat(unitContent(length, Buffer.concat([Buffer.alloc(3), stamp])))
  unit.writeUInt16BE(0x21_fe, 0)
  const end = length - 1
  for (let at = 2; at < end;) {
    const left = end - at
    // A block has at least one byte after its length byte, so a single byte must not be left over.
    const block = left === 257 ? 255 : Math.min(256, left)
    unit.writeUInt8(block - 1, at)
    at += block
  }
  unit.writeUInt8(0, end)
  return [unit]
}

const riffChunk: Padder["makeUnit"] = (length, stamp) => {
  const head = Buffer.alloc(8)
  head.write("GTPD", 0, "latin1")
  // Chunks have an even length. In a file with an odd length, the last byte is outside of all chunks.
  head.writeUInt32LE(Math.floor((length - 8) / 2) * 2, 4)
  return [head, ...unitContent(length - 8, stamp)]
}

const freeBox: Padder["makeUnit"] = (length, stamp) => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(length, 0)
  head.write("free", 4, "latin1")
  return [head, ...unitContent(length - 8, stamp)]
}

const afterPngHeader = 33

const afterJfif = (file: Buffer): number => (file.readUInt16BE(2) === 0xff_e0 ? 4 + file.readUInt16BE(4) : 2)

const afterGifColors = (file: Buffer): number => {
  const flags = file.readUInt8(10)
  return 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
}

// A JPEG comment has at most 65,533 bytes, and the last unit can be larger than the others.
const padders: Record<MediaFormat, Padder> = {
  png: { offset: () => afterPngHeader, unitSize: mebibyte, minUnitSize: 12, makeUnit: pngChunk },
  jpeg: { offset: afterJfif, unitSize: 32_768, minUnitSize: 4, makeUnit: jpegComment },
  webp: { offset: (file) => file.length, unitSize: mebibyte, minUnitSize: 8, makeUnit: riffChunk },
  // Both are RIFF files.
  wav: { offset: (file) => file.length, unitSize: mebibyte, minUnitSize: 8, makeUnit: riffChunk },
  gif: { offset: afterGifColors, unitSize: 32_768, minUnitSize: 5, makeUnit: gifComment },
  mp4: { offset: (file) => file.length, unitSize: mebibyte, minUnitSize: 8, makeUnit: freeBox }
}

/** The content that makes every unit of every revision different. */
const stampOf = (index: number, revision: number): Buffer => {
  const stamp = Buffer.alloc(16)
  stamp.writeUIntBE(index, 0, 6)
  stamp.writeUInt32BE(revision, 6)
  return stamp
}

/** The offset in a file where its padding starts. */
export const paddingOffset = (format: MediaFormat, file: Buffer): number => padders[format].offset(file)

/** `length` bytes of padding that differ between offsets and between revisions. */
export const makePadding = (format: MediaFormat, length: number, revision: number): ByteSource => {
  const { unitSize, minUnitSize, makeUnit } = padders[format]
  const fullUnits = Math.max(0, Math.floor((length - minUnitSize) / unitSize))
  const sizeOf = (index: number): number => (index < fullUnits ? unitSize : length - fullUnits * unitSize)
  return {
    length,
    read: function* (first, end) {
      for (let at = first; at < end;) {
        const index = Math.min(Math.floor(at / unitSize), fullUnits)
        const start = index * unitSize
        const stop = Math.min(end, start + sizeOf(index))
        const unit = concatenate(makeUnit(sizeOf(index), stampOf(index, revision)))
        yield* unit.read(at - start, stop - start)
        at = stop
      }
    }
  }
}
