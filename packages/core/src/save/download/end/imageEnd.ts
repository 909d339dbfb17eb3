/** Finds the ends of images. */
import type { EndCheck, EndState, FileWindow } from "./FileWindow.ts"

/** A structure ends at `position`, and nothing of the file may be missing after it. */
const endsAt = (position: number, { size }: FileWindow): EndState => {
  if (position > size) return "truncated"
  return position === size ? "complete" : "unknown"
}

const endsWith = async (file: FileWindow, marker: Buffer): Promise<boolean> =>
  (await file.read(Math.max(0, file.size - marker.length), marker.length)).equals(marker)

/** An empty IEND chunk, without its checksum. */
const pngEnd = Buffer.from("\0\0\0\0IEND", "latin1")

/** Follows the chunks of a PNG (PNG, 5.3). */
export const pngEndState: EndCheck = async (file, isStrict) => {
  const tail = await file.read(Math.max(0, file.size - 12), 12)
  if (!isStrict && tail.subarray(0, 8).equals(pngEnd)) return "complete"
  let position = 8
  while (position < file.size) {
    const header = await file.read(position, 8)
    if (header.length < 8) return "truncated"
    const type = header.toString("latin1", 4)
    if (!/^[A-Za-z]{4}$/.test(type) || (position === 8 && type !== "IHDR")) return "unknown"
    position += 12 + header.readUInt32BE(0)
    if (type === "IEND") return endsAt(position, file)
  }
  return "truncated"
}

const isStandalone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)

/** The position of the next marker in the compressed data of a JPEG; -1 without one. */
const findMarker = async (file: FileWindow, from: number): Promise<number> => {
  let position = from
  while (position < file.size - 1) {
    const bytes = await file.readWindow(position)
    for (let at = bytes.indexOf(0xff); at !== -1 && at < bytes.length - 1; at = bytes.indexOf(0xff, at + 1)) {
      const marker = bytes[at + 1] ?? 0
      const isData = marker === 0x00 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7)
      if (!isData) return position + at
    }
    // The last byte may be the first half of a marker.
    position += Math.max(1, bytes.length - 1)
  }
  return -1
}

/** Follows the segments of a JPEG (ITU T.81, B.1): thumbnails are inside of segments, so their ends are skipped. */
export const jpegEndState: EndCheck = async (file, isStrict) => {
  if (!isStrict && (await endsWith(file, Buffer.from([0xff, 0xd9])))) return "complete"
  let position = 2
  while (position < file.size) {
    const header = await file.read(position, 4)
    const [prefix, marker] = header
    if (prefix !== 0xff) return "suspect"
    if (marker === undefined) return "truncated"
    if (marker === 0xd9) return endsAt(position + 2, file)
    if (marker === 0xff) position += 1
    else if (isStandalone(marker)) position += 2
    else {
      if (header.length < 4) return "truncated"
      position += 2 + header.readUInt16BE(2)
      if (marker === 0xda) position = await findMarker(file, position)
      if (position === -1) return "truncated"
    }
  }
  return "truncated"
}

/** The position after the sub-blocks of a GIF, each of which begins with its length. */
const skipSubBlocks = async (file: FileWindow, from: number): Promise<number> => {
  let position = from
  for (;;) {
    const [length] = await file.read(position, 1)
    if (length === undefined) return Infinity
    position += 1 + length
    if (length === 0) return position
  }
}

const colorTableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

/** Follows the blocks of a GIF (GIF89a, appendix B). */
export const gifEndState: EndCheck = async (file) => {
  let position = 13 + colorTableBytes((await file.read(10, 1))[0] ?? 0)
  while (position < file.size) {
    const block = await file.read(position, 10)
    if (block[0] === 0x3b) return endsAt(position + 1, file)
    if (block[0] === 0x2c)
      position = await skipSubBlocks(file, position + 11 + colorTableBytes(block[9] ?? 0))
    else if (block[0] === 0x21) position = await skipSubBlocks(file, position + 2)
    else return "suspect"
  }
  // Only the trailer is missing, which viewers do not need.
  return position === file.size ? "suspect" : "truncated"
}

/** Compares the size in the header of a bitmap. Some writers leave it out. */
export const bmpEndState: EndCheck = async (file) => {
  const header = await file.read(0, 6)
  return header.length < 6 || header.readUInt32LE(2) > file.size ? "suspect" : "unknown"
}

/** Looks for the end tag of an SVG. An inner element may have the same. */
export const svgEndState: EndCheck = async (file) => {
  const bytes = await file.read(Math.max(0, file.size - 1024), 1024)
  // In UTF-16, every other byte is zero.
  const tail = bytes.toString("latin1").replaceAll("\0", "")
  return /(<\/([\w-]+:)?svg\s*>|\/>)(\s|<!--[^]*?-->)*$/i.test(tail) ? "unknown" : "suspect"
}
