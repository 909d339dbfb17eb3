/** What a file really is, from its bytes. */
import type { FileHandle } from "node:fs/promises"

/** A recognised media type. */
export interface MediaType {
  /** Such as `image/png`. */
  readonly mime: string
  /** Without a dot. */
  readonly extension: string
}

const isMedia = (mime: string): boolean => /^(image|video|audio)\//.test(mime)

/** Media that has no signature to be known by, by what the server says. */
const declared: Readonly<Record<string, string>> = {
  "video/mp2t": "ts",
  "audio/mpeg": "mp3",
  "audio/aac": "aac"
}

/** The beginning of a file: enough for every signature. */
const head = 4100

/** Tells whether a beginning is text throughout: an error page, JSON, a notice. Media is not. */
const isText = (bytes: Uint8Array): boolean => {
  const text = new TextDecoder("utf-8").decode(bytes.subarray(0, 512))
  // oxlint-disable-next-line no-control-regex -- what text does not hold, and what cannot be decoded
  return !/[\u0000-\u0008\u000E-\u001F\uFFFD]/.test(text)
}

/**
 * Recognises a file by its bytes, and where its format has no signature, by the server's word for it. Undefined when it
 * is no media: a missing signature is proof against a format that has one.
 */
export const recognizeMedia = async (
  file: FileHandle,
  contentType: string | undefined
): Promise<MediaType | undefined> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(head), 0, head, 0)
  const start = buffer.subarray(0, bytesRead)
  const { fileTypeFromBuffer } = await import("file-type")
  const found = await fileTypeFromBuffer(start)
  if (found !== undefined && isMedia(found.mime)) return { mime: found.mime, extension: found.ext }
  const mime = contentType?.split(";")[0]?.trim().toLowerCase() ?? ""
  if (mime === "image/svg+xml" && /<svg[\s>]/i.test(start.toString("utf8"))) return { mime, extension: "svg" }
  const extension = declared[mime]
  return extension === undefined || found !== undefined || isText(start) ? undefined : { mime, extension }
}
