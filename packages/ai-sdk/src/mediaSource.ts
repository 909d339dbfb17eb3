import type { Experimental_VideoModelV4File, ImageModelV4File } from "@ai-sdk/provider"
import type { MediaSource } from "@gentask/core"

type File = Experimental_VideoModelV4File | ImageModelV4File

/** Converts a file of the AI SDK. */
export const toMediaSource = (file: File): MediaSource => {
  if (file.type === "url") return file.url
  const bytes = typeof file.data === "string" ? Buffer.from(file.data, "base64") : file.data
  return new Blob([Uint8Array.from(bytes)], { type: file.mediaType })
}

const extensionKinds: ReadonlyArray<readonly [RegExp, "video" | "audio"]> = [
  [/\.(?:mp4|mov|webm|m4v|mkv)$/i, "video"],
  [/\.(?:mp3|wav|m4a|ogg|flac|aac)$/i, "audio"]
]

const mediaTypeOf = (file: File): string => {
  if ("mediaType" in file && file.mediaType !== undefined) return file.mediaType
  return file.type === "url" ? (/^data:([^;,]*)/i.exec(file.url)?.[1]?.toLowerCase() ?? "") : ""
}

/** Returns the kind of a reference: by its media type, or by the extension of its URL. */
export const kindOf = (file: File): "image" | "video" | "audio" => {
  const [type] = mediaTypeOf(file).split("/", 1)
  if (type === "video" || type === "audio" || type === "image") return type
  const path = file.type === "url" && URL.canParse(file.url) ? new URL(file.url).pathname : ""
  return extensionKinds.find(([pattern]) => pattern.test(path))?.[1] ?? "image"
}
