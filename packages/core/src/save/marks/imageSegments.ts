/** Finds metadata in PNG and JPEG files. */
import { SearchIncomplete, makeStepCounter } from "./Marks.ts"
import type { SegmentReader } from "./Marks.ts"

const pngTextTypes: ReadonlySet<string> = new Set(["iTXt", "tEXt", "eXIf"])

/** The chunk `caBX` is that of C2PA (C2PA 2.2, A.3.2). Compressed text is not read: XMP is never compressed. */
export const pngSegments: SegmentReader = async function* (file) {
  const step = makeStepCounter()
  let position = 8
  for (;;) {
    step()
    const header = await file.read(position, 8)
    if (header.length < 8) throw new SearchIncomplete()
    const length = header.readUInt32BE(0)
    const type = header.toString("latin1", 4)
    if (!/^[A-Za-z]{4}$/.test(type)) throw new SearchIncomplete()
    if (type === "caBX") yield { kind: "c2pa", position: position + 8, length }
    else if (pngTextTypes.has(type)) yield { kind: "text", position: position + 8, length }
    if (type === "IEND") return
    position += 12 + length
  }
}

/** Whether a segment APP11 is JUMBF with a C2PA manifest store (C2PA 2.2, A.3.1; ISO 19566-5). */
const isC2paJumbf = (head: Buffer): boolean =>
  head.toString("latin1", 0, 2) === "JP" &&
  head.toString("latin1", 12, 16) === "jumb" &&
  head.includes("c2pa")

/** Follows the segments before the compressed data, which contain all metadata. */
export const jpegSegments: SegmentReader = async function* (file) {
  const step = makeStepCounter()
  let position = 2
  for (;;) {
    step()
    const header = await file.read(position, 4)
    const marker = header[1] ?? 0
    if (header.length < 4 || header[0] !== 0xff) throw new SearchIncomplete()
    if (marker === 0xda || marker === 0xd9) return
    if (marker === 0xff) {
      position += 1
      continue
    }
    const length = header.readUInt16BE(2)
    if (length < 2) throw new SearchIncomplete()
    const content = { position: position + 4, length: length - 2 }
    if (marker === 0xeb && isC2paJumbf(await file.read(content.position, Math.min(content.length, 64))))
      yield { kind: "c2pa", ...content }
    // APP1 has XMP or EXIF, and COM a comment.
    if (marker === 0xe1 || marker === 0xfe) yield { kind: "text", ...content }
    position += 2 + length
  }
}
