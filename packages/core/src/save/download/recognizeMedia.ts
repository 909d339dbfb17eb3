/** Detects the media type of a file from its content. */
import type { DetectedMedia } from "./DetectedMedia.ts"
import { isCompressedText, isText } from "./isText.ts"
import { recognizeBinaryModel, recognizeTextModel } from "./recognizeModel.ts"
import { mediaTypeOf } from "./responseHeaders.ts"

const isMedia = (mediaType: string): boolean =>
  /^(image|video|audio|model)\/|^application\/x-ft-fbx$/.test(mediaType)

/** Formats that may have no signature, for which the `Content-Type` header is used. */
const extensionsWithoutSignature: Readonly<Record<string, string>> = {
  "video/mp2t": "ts",
  "audio/mpeg": "mp3",
  "audio/aac": "aac"
}

/** How many bytes of a file are needed: enough for every signature. */
export const sampleBytes = 4100

/** Whether the root element is `svg`. A web page may contain an SVG, such as an icon. */
const isSvg = (sample: Buffer): boolean => {
  const [first, second] = sample
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  const encoding = isUtf16 ? (first === 0xff ? "utf-16le" : "utf-16be") : "utf-8"
  const text = new TextDecoder(encoding).decode(sample)
  // Instructions, comments and a document type may precede the root element.
  return /^\s*(<\?[^]*?\?>\s*|<!--[^]*?-->\s*|<!doctype\s+([\w-]+:)?svg[^>[]*(\[[^\]]*\]\s*)?>\s*)*<([\w-]+:)?svg[\s>/]/i.test(
    text
  )
}

/**
 * Detects the media type of a file from its signature. The declared type is used only for formats that may have no
 * signature, and for SVG.
 *
 * @param sample The first `sampleBytes` bytes of the file.
 * @param contentType The media type that the server or the vendor declares.
 * @returns Undefined if the file is not media.
 */
export const recognizeMedia = async (
  sample: Buffer,
  contentType: string | undefined
): Promise<DetectedMedia | undefined> => {
  const mediaType = mediaTypeOf(contentType) ?? ""
  if (isText(sample))
    return mediaType === "image/svg+xml" && isSvg(sample)
      ? { mediaType, extension: "svg" }
      : recognizeTextModel(sample, mediaType)
  const { fileTypeFromBuffer } = await import("file-type")
  const detected = await fileTypeFromBuffer(sample)
  if (detected !== undefined && isMedia(detected.mime))
    return { mediaType: detected.mime, extension: detected.ext }
  const model = recognizeBinaryModel(sample, mediaType)
  if (model !== undefined) return model
  const extension = extensionsWithoutSignature[mediaType]
  return extension === undefined || detected !== undefined || isCompressedText(sample)
    ? undefined
    : { mediaType, extension }
}
