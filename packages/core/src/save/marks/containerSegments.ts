/** Finds metadata in containers: MP4 and its relatives, and RIFF files such as WebP. */
import { SearchIncomplete, makeStepCounter } from "./Marks.ts"
import type { MarkSegment, MarkSource, SegmentReader } from "./Marks.ts"

/** The extended types of the boxes of C2PA (C2PA 2.2, A.5.1) and XMP (XMP part 3, 1.1.2). */
const c2paUuid = "d8fec3d61b0e483c92975828877ec481"
const xmpUuid = "be7acfcb97a942e89c71999491e3afac"

interface Box {
  readonly type: string
  /** Where the content begins. */
  readonly start: number
  readonly end: number
}

/** Follows the boxes between two positions (ISO 14496-12, 4.2). */
async function* boxes(
  file: MarkSource,
  from: number,
  to: number,
  step: () => void
): AsyncGenerator<Box, void> {
  let position = from
  while (position < to) {
    step()
    const header = await file.read(position, 16)
    const type = header.toString("latin1", 4, 8)
    if (header.length < 8 || !/^[\x20-\x7e\xa9]{4}$/.test(type)) throw new SearchIncomplete()
    const shortLength = header.readUInt32BE(0)
    if (shortLength === 1 && header.length < 16) throw new SearchIncomplete()
    const headerLength = shortLength === 1 ? 16 : 8
    // Length 0 means that the box extends to the end, and 1 that a 64-bit length follows.
    const length =
      shortLength === 0 ? to - position : shortLength === 1 ? Number(header.readBigUInt64BE(8)) : shortLength
    if (length < headerLength || position + length > to) throw new SearchIncomplete()
    yield { type, start: position + headerLength, end: position + length }
    position += length
  }
}

const textOf = ({ start, end }: Box): MarkSegment => ({ kind: "text", position: start, length: end - start })

const uuidSegment = async (file: MarkSource, { start, end }: Box): Promise<MarkSegment | undefined> => {
  const uuid = (await file.read(start, 16)).toString("hex")
  if (uuid !== c2paUuid && uuid !== xmpUuid) return undefined
  return { kind: uuid === c2paUuid ? "c2pa" : "text", position: start + 16, length: end - start - 16 }
}

/** Labels of the whole file are at the top level, or in the boxes `udta` and `meta` of `moov`. */
export const boxSegments: SegmentReader = async function* (file) {
  const step = makeStepCounter()
  for await (const box of boxes(file, 0, file.size, step)) {
    if (box.type === "uuid") {
      const segment = await uuidSegment(file, box)
      if (segment !== undefined) yield segment
    } else if (box.type === "udta" || box.type === "meta") yield textOf(box)
    else if (box.type === "moov")
      for await (const inner of boxes(file, box.start, box.end, step)) {
        if (inner.type === "udta" || inner.type === "meta") yield textOf(inner)
        else if (inner.type === "uuid") {
          const segment = await uuidSegment(file, inner)
          if (segment !== undefined) yield segment
        }
      }
  }
}

const riffTextTypes: ReadonlySet<string> = new Set(["XMP ", "EXIF", "_PMX", "LIST"])

/** Follows the chunks of a RIFF file: WebP, WAV or AVI (C2PA 2.2, A.3.3). */
export const riffSegments: SegmentReader = async function* (file) {
  const step = makeStepCounter()
  let position = 12
  // The last byte of an odd chunk is followed by padding, which some writers leave out.
  while (position < file.size - 1) {
    step()
    const header = await file.read(position, 8)
    if (header.length < 8) throw new SearchIncomplete()
    const type = header.toString("latin1", 0, 4)
    const length = header.readUInt32LE(4)
    if (position + 8 + length > file.size) throw new SearchIncomplete()
    if (type === "C2PA") yield { kind: "c2pa", position: position + 8, length }
    else if (riffTextTypes.has(type)) yield { kind: "text", position: position + 8, length }
    position += 8 + length + (length % 2)
  }
}
