/** Detects marks of provenance in a finished file. It only reads: saving never changes a byte. */
import { boxSegments, riffSegments } from "./containerSegments.ts"
import { jpegSegments, pngSegments } from "./imageSegments.ts"
import { unknownMarks } from "./Marks.ts"
import type { Marks, MarkSource, SegmentReader } from "./Marks.ts"

/** Searches the whole file as text. For images in boxes, whose metadata may be anywhere. */
const wholeFile: SegmentReader = async function* ({ size }) {
  yield { kind: "text", position: 0, length: size }
}

/** Boxes first, because only they show the store of C2PA. */
const imageBoxSegments: SegmentReader = async function* (file) {
  yield* boxSegments(file)
  yield* wholeFile(file)
}

const readers: Readonly<Record<string, SegmentReader>> = {
  "image/png": pngSegments,
  "image/apng": pngSegments,
  "image/jpeg": jpegSegments,
  "image/webp": riffSegments,
  "image/avif": imageBoxSegments,
  "image/heic": imageBoxSegments,
  "image/heif": imageBoxSegments,
  "image/svg+xml": wholeFile,
  "video/mp4": boxSegments,
  "video/quicktime": boxSegments,
  "video/x-m4v": boxSegments,
  "audio/mp4": boxSegments,
  "audio/x-m4a": boxSegments,
  "audio/wav": riffSegments,
  "video/vnd.avi": riffSegments
}

/** How much of one segment is searched, and of all together, in bytes. */
const maxSegmentBytes = 256 * 1024
const maxTextBytes = 1024 * 1024

/** The values of `DigitalSourceType` for media that a model made (cv.iptc.org/newscodes/digitalsourcetype). */
const iptcPattern =
  /digitalsourcetype[^]{0,200}?(trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia)/i

/** The namespace of the XMP property, and the label as JSON, whose quotes may be escaped. */
const aigcPattern =
  /tc260\.org\.cn\/ns\/AIGC|^AIGC\0|(?:"|&quot;|\\")AIGC(?:"|&quot;|\\")\s*:\s*\{|(?:"|&quot;|\\")ContentProducer(?:"|&quot;|\\")\s*:/i

/** The element of C2PA in an SVG (C2PA 2.2, A.3.4). */
const svgPattern = /<c2pa:manifest[\s>]/i

/** Collects what the segments of a file show. */
class Findings {
  c2pa = false
  iptc = false
  aigc = false
  /** Whether all was searched that may contain a mark. */
  isComplete = true
  #textBytes = 0

  async searchText(file: MarkSource, position: number, length: number, isSvg: boolean): Promise<void> {
    const limit = Math.min(maxSegmentBytes, maxTextBytes - this.#textBytes)
    if (length > limit || position + length > file.size) this.isComplete = false
    if (limit <= 0) return
    const bytes = await file.read(position, Math.min(length, limit))
    this.#textBytes += bytes.length
    // UTF-16 text has a zero in every other byte.
    const latin = bytes.toString("latin1")
    const text = /[\x20-\x7e]\0[\x20-\x7e]\0/.test(latin) ? `${latin}\n${latin.replaceAll("\0", "")}` : latin
    this.iptc ||= iptcPattern.test(text)
    this.aigc ||= aigcPattern.test(text)
    if (isSvg) this.c2pa ||= svgPattern.test(text)
  }

  get marks(): Marks {
    const state = (isFound: boolean): boolean | null => isFound || (this.isComplete ? false : null)
    return { c2pa: state(this.c2pa), iptc: state(this.iptc), aigc: state(this.aigc) }
  }
}

/**
 * Detects the marks in a file. Reads at most 1 MiB of metadata and 2000 headers, so that a hostile file costs no more than
 * others. Never rejects: what could not be searched is null.
 *
 * @param mediaType The detected media type.
 */
export const detectMarks = async (file: MarkSource, mediaType: string): Promise<Marks> => {
  const segments = readers[mediaType]
  if (segments === undefined) return unknownMarks
  const findings = new Findings()
  try {
    for await (const { kind, position, length } of segments(file)) {
      if (kind === "c2pa") findings.c2pa = true
      else await findings.searchText(file, position, length, mediaType === "image/svg+xml")
    }
  } catch {
    // The structure is invalid or too long, or the file cannot be read.
    findings.isComplete = false
  }
  return findings.marks
}
