/** Detects the media type of a file from its content. */
import type { FileHandle } from "node:fs/promises"

/** A detected media type. */
export interface DetectedMedia {
  /** Such as `image/png`. */
  readonly mediaType: string
  /** The usual file name extension, without a dot. */
  readonly extension: string
}

const isMedia = (mediaType: string): boolean => /^(image|video|audio)\//.test(mediaType)

/** Formats that may have no signature, for which the `Content-Type` header is used. */
const extensionsWithoutSignature: Readonly<Record<string, string>> = {
  "video/mp2t": "ts",
  "audio/mpeg": "mp3",
  "audio/aac": "aac"
}

/** How many bytes to read: enough for every signature. */
const sampleBytes = 4100

/** Whether the content is text, such as an error page or JSON. */
const isText = (bytes: Uint8Array): boolean => {
  const text = new TextDecoder("utf-8").decode(bytes.subarray(0, 512))
  // oxlint-disable-next-line no-control-regex -- text has no control characters, and no bytes that are invalid UTF-8
  return !/[\u0000-\u0008\u000E-\u001F\uFFFD]/.test(text)
}

/**
 * Detects the media type of a file from its signature. The declared type is used only for formats that may have no
 * signature, and for SVG.
 *
 * @param contentType The media type that the server or the vendor declares.
 * @returns Undefined if the file is not media.
 */
export const recognizeMedia = async (
  file: FileHandle,
  contentType: string | undefined
): Promise<DetectedMedia | undefined> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0)
  const sample = buffer.subarray(0, bytesRead)
  const { fileTypeFromBuffer } = await import("file-type")
  const detected = await fileTypeFromBuffer(sample)
  if (detected !== undefined && isMedia(detected.mime))
    return { mediaType: detected.mime, extension: detected.ext }
  const mediaType = contentType?.split(";")[0]?.trim().toLowerCase() ?? ""
  if (mediaType === "image/svg+xml" && /<svg[\s>]/i.test(sample.toString("utf8")))
    return { mediaType, extension: "svg" }
  const extension = extensionsWithoutSignature[mediaType]
  return extension === undefined || detected !== undefined || isText(sample)
    ? undefined
    : { mediaType, extension }
}
