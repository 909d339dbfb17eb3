import type { MediaInput } from "./InputFile.ts"

/**
 * Returns a media input as one part of a list: its type, and an object with its URL, both named after the kind.
 *
 * ```ts
 * mediaPart("image", url) // { type: "image_url", image_url: { url } }
 * ```
 *
 * @param kind The kind of media.
 * @param url The media input.
 */
export const mediaPart = (
  kind: "image" | "video" | "audio",
  url: MediaInput
): Readonly<Record<string, unknown>> => ({ type: `${kind}_url`, [`${kind}_url`]: { url } })
