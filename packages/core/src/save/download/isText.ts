/** Recognizes text in any encoding, such as error pages and JSON: servers send it with the media type of the file. */
import { brotliDecompressSync, constants, inflateRawSync, inflateSync } from "node:zlib"

/** How many bytes decide. A longer text may contain a stray control character. */
const sampleBytes = 512

/** Bytes that no text in an ASCII-compatible encoding contains, such as UTF-8, GBK, Shift JIS and ISO 8859-1. */
const isControl = (byte: number): boolean =>
  byte < 0x20 ? !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b : byte === 0x7f

/** Characters that text in UTF-16 does not contain: controls, and those that are unassigned or for private use. */
const unlikely = /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\t\r\n\uFEFF]/u

/** Scripts that error pages use. Half of all pairs of bytes are assigned characters of other scripts or none. */
const common =
  /[\t\r\n\uFEFF\p{scx=Latin}\p{Script=Common}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Cyrillic}\p{scx=Arabic}\p{scx=Thai}\p{scx=Greek}\p{scx=Hebrew}\p{scx=Devanagari}]/gu

/** Fewer characters than this may look like text by chance, unless they begin with a byte order mark. */
const minCharacters = 16

/** Whether one of the first UTF-16 code units is a control or for private use. Most binary data has one. */
const hasUnlikelyUnit = (bytes: Buffer, read: "readUInt16LE" | "readUInt16BE"): boolean => {
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const unit = bytes[read](at)
    const isControlUnit = unit < 0x20 ? unit !== 9 && unit !== 10 && unit !== 13 : unit >= 0x7f && unit < 0xa0
    if (isControlUnit || (unit >= 0xe000 && unit < 0xf900)) return true
  }
  return false
}

const isUtf16 = (bytes: Buffer, encoding: "utf-16le" | "utf-16be"): boolean => {
  if (hasUnlikelyUnit(bytes, encoding === "utf-16le" ? "readUInt16LE" : "readUInt16BE")) return false
  // Half a character at the end is cut off.
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2))
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(even).replace(/\uFFFD$/, "")
  const hasMark = text.startsWith("\uFEFF")
  if (text.length < (hasMark ? 2 : minCharacters) || unlikely.test(text)) return false
  return hasMark || (text.match(common)?.length ?? 0) >= 0.95 * Array.from(text).length
}

/** Whether all 4-byte units are characters. In UTF-32, the first byte of each is zero, and the second almost always. */
const isUtf32 = (bytes: Buffer, read: "readUInt32LE" | "readUInt32BE"): boolean => {
  const units = Math.floor(bytes.length / 4)
  for (let at = 0; at < 4 * units; at += 4) {
    const unit = bytes[read](at)
    if (unit > 0x10ffff || unlikely.test(String.fromCodePoint(unit))) return false
  }
  return units >= 2
}

/** The start of a web page or of JSON. */
const markup =
  /^(\xEF\xBB\xBF|\xFF\xFE|\xFE\xFF)?\s*(<(!doctype|!--|\?xml|[a-z][a-z0-9:-]*[\s>/])|\{\s*["}]|\[\s*["{[\]\d-])/i

/** Whether the start is markup in UTF-8, UTF-16 or UTF-32, of which the latter consist of zeros for the most part. */
const hasMarkup = (bytes: Buffer): boolean => {
  const first = bytes.find((byte) => byte !== 0 && byte !== 0x20 && byte < 0x80 && !(byte >= 9 && byte <= 13))
  if (first !== 0x3c && first !== 0x5b && first !== 0x7b) return false
  const text = bytes.subarray(0, 256).filter((byte) => byte !== 0)
  return !text.subarray(0, 32).some(isControl) && markup.test(Buffer.from(text).toString("latin1"))
}

/** Whether the start of a file is text. */
export const isText = (start: Buffer): boolean => {
  const bytes = start.subarray(0, sampleBytes)
  return (
    !bytes.some(isControl) ||
    hasMarkup(bytes) ||
    isUtf16(bytes, "utf-16le") ||
    isUtf16(bytes, "utf-16be") ||
    isUtf32(bytes, "readUInt32LE") ||
    isUtf32(bytes, "readUInt32BE")
  )
}

/** Less data than this may decode to text by chance. */
const minDecodedBytes = 40

const maxOutputLength = 1024 * 1024
const decoders: ReadonlyArray<(bytes: Buffer) => Buffer> = [
  (bytes) => inflateSync(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH }),
  (bytes) => inflateRawSync(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH }),
  (bytes) => brotliDecompressSync(bytes, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH })
]

/** Whether the start of a file is text that is compressed in a format without a signature. */
export const isCompressedText = (start: Buffer): boolean =>
  decoders.some((decode) => {
    try {
      const text = decode(start)
      return text.length >= minDecodedBytes && isText(text)
    } catch {
      // The data is not compressed in this way, or is larger than an error page.
      return false
    }
  })
