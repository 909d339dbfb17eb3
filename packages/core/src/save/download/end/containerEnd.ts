/** Finds the ends of container formats. */
import type { EndCheck, EndState, FileWindow } from "./FileWindow.ts"

/** Types of boxes at the top level of a file (ISO 14496-12, 6.3.3). */
const boxTypes: ReadonlySet<string> = new Set(
  "ftyp styp moov moof mdat mfra meta meco free skip wide uuid udta pdin sidx ssix prft emsg idat pnot jP2".split(
    " "
  )
)

/** A description is useless without the data, which is in one piece or in fragments. */
const isPlayable = (seen: ReadonlySet<string>): boolean =>
  !seen.has("moov") || seen.has("mdat") || seen.has("moof")

/** Follows the boxes of an MP4, or of an image in the same container. A file may be truncated between two boxes. */
const boxesEndState = async (
  file: FileWindow,
  isWhole: (seen: ReadonlySet<string>) => boolean
): Promise<EndState> => {
  const seen = new Set<string>()
  let position = 0
  while (position < file.size) {
    const header = await file.read(position, 16)
    if (header.length < 8) return "suspect"
    const type = header.toString("latin1", 4, 8)
    // Not a box, but the file may have other data at its end.
    if (!boxTypes.has(type)) return "unknown"
    seen.add(type)
    const shortLength = header.readUInt32BE(0)
    // Length 0 means that the box extends to the end of the file, and 1 that a 64-bit length follows.
    if (shortLength === 0) return "unknown"
    if (shortLength === 1 && header.length < 16) return "truncated"
    const length = shortLength === 1 ? Number(header.readBigUInt64BE(8)) : shortLength
    if (length < 8) return "suspect"
    position += length
  }
  if (position > file.size) return "truncated"
  return isWhole(seen) ? "unknown" : "suspect"
}

export const videoBoxesEndState: EndCheck = (file) => boxesEndState(file, isPlayable)
export const imageBoxesEndState: EndCheck = (file) => boxesEndState(file, () => true)

/** The end of a RIFF file by its header; undefined if a program that streams its output has left it out. */
const riffEnd = async (file: FileWindow): Promise<number | undefined> => {
  const header = await file.read(0, 8)
  const size = header.length < 8 ? 0 : header.readUInt32LE(4)
  return size === 0 || size >= 0x7f000000 ? undefined : size + 8
}

export const webpEndState: EndCheck = async (file) => {
  const end = (await riffEnd(file)) ?? Infinity
  if (end > file.size) return "truncated"
  return end === file.size ? "complete" : "unknown"
}

/** Programs that are interrupted leave a wrong size in the header, so it proves nothing. */
export const wavEndState: EndCheck = async (file) => {
  const end = await riffEnd(file)
  if (end === file.size) return "complete"
  return end !== undefined && end > file.size ? "suspect" : "unknown"
}

/** An AVI may have several RIFF chunks. */
export const aviEndState: EndCheck = async (file) => {
  const end = await riffEnd(file)
  return end !== undefined && end > file.size ? "suspect" : "unknown"
}

/** Reads a number of variable length (RFC 8794, 4). Undefined if all its bits are set, which means "unknown". */
const readVint = (
  bytes: Buffer,
  at: number
): { readonly value: number | undefined; readonly end: number } => {
  const length = Math.clz32(bytes[at] ?? 0) - 23
  const digits = bytes.subarray(at, at + length)
  const value = digits.reduce(
    (sum, byte, index) => sum * 256 + (index === 0 ? byte & (2 ** (8 - length) - 1) : byte),
    0
  )
  return { value: value === 2 ** (7 * length) - 1 ? undefined : value, end: at + length }
}

/** Compares the size of the segment, which is the second element of a WebM or Matroska file (RFC 8794). */
export const matroskaEndState: EndCheck = async (file) => {
  const head = await file.read(0, 16)
  const header = readVint(head, 4)
  const segmentAt = header.end + (header.value ?? 0)
  const segment = await file.read(segmentAt, 12)
  if (segment.length < 5 || segment.readUInt32BE(0) !== 0x18538067) return "suspect"
  const { value, end } = readVint(segment, 4)
  if (value === undefined) return "unknown"
  const segmentEnd = segmentAt + end + value
  if (segmentEnd === file.size) return "complete"
  return segmentEnd > file.size ? "suspect" : "unknown"
}

/** The maximum size of an Ogg page, in bytes. */
const maxPageBytes = 65_307

/** Checks that the last page of an Ogg file (RFC 3533, 6) is complete, and is marked as the last one of its stream. */
export const oggEndState: EndCheck = async (file) => {
  const start = Math.max(0, file.size - maxPageBytes)
  const tail = await file.read(start, maxPageBytes)
  const page = tail.subarray(Math.max(0, tail.lastIndexOf("OggS")))
  const segments = page[26] ?? 0
  const bodyBytes = page.subarray(27, 27 + segments).reduce((sum, byte) => sum + byte, 0)
  const isWhole = page.length === 27 + segments + bodyBytes
  const isLast = ((page[5] ?? 0) & 4) !== 0
  return isWhole && isLast ? "complete" : "suspect"
}
