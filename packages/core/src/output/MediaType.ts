/** What a file really is, from its bytes. */
import { open } from "node:fs/promises"
import type { OutputKind } from "../task/Output.ts"

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
  "image/svg+xml": "svg",
  "video/mp2t": "ts",
  "audio/mpeg": "mp3",
  "audio/aac": "aac"
}

/** The beginning of a file: enough for every signature. */
const head = 4100

/** Tells whether a beginning is text that a person or a browser would read: an error page, JSON, a notice. */
const isText = (bytes: Uint8Array): boolean => {
  const text = new TextDecoder("utf-8").decode(bytes.subarray(0, 512)).trimStart()
  return /^(<!doctype|<html|<\?xml|<error|[{[])/i.test(text)
}

/**
 * Recognises a file by its bytes, and where bytes do not tell, by the server's word for it. Undefined when it is no
 * media.
 */
export const recognise = async (
  path: string,
  kind: OutputKind,
  contentType: string | undefined
): Promise<MediaType | undefined> => {
  const bytes = Buffer.alloc(head)
  const file = await open(path, "r")
  let length = 0
  try {
    length = (await file.read(bytes, 0, head, 0)).bytesRead
  } finally {
    await file.close()
  }
  const start = bytes.subarray(0, length)
  const { fileTypeFromBuffer } = await import("file-type")
  const found = await fileTypeFromBuffer(start)
  if (found !== undefined && isMedia(found.mime)) return { mime: found.mime, extension: found.ext }
  const mime = contentType?.split(";")[0]?.trim().toLowerCase() ?? ""
  if (mime === "image/svg+xml" && /<svg[\s>]/i.test(start.toString("utf8"))) return { mime, extension: "svg" }
  if (found !== undefined || isText(start) || !isMedia(mime)) return undefined
  const extension = declared[mime] ?? (kind === "image" ? "img" : "bin")
  return { mime, extension }
}
