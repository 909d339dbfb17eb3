import type { CommonInput } from "./CommonInput.ts"
import { mediaPart } from "./mediaPart.ts"

/**
 * Returns the prompt and the media as a list of parts, each with its role: `first_frame`, `last_frame`,
 * `reference_image`, `reference_video` or `reference_audio`.
 *
 * ```ts
 * contentParts({ prompt: "A fox", firstFrame: url })
 * // [{ type: "text", text: "A fox" }, { type: "image_url", image_url: { url }, role: "first_frame" }]
 * ```
 *
 * @param input The common inputs that the model supports. Others than the prompt and media are ignored.
 */
export const contentParts = ({
  prompt,
  firstFrame,
  lastFrame,
  images = [],
  videos = [],
  audios = []
}: CommonInput): ReadonlyArray<Readonly<Record<string, unknown>>> => [
  ...(prompt === undefined ? [] : [{ type: "text", text: prompt }]),
  ...(firstFrame === undefined ? [] : [{ ...mediaPart("image", firstFrame), role: "first_frame" }]),
  ...(lastFrame === undefined ? [] : [{ ...mediaPart("image", lastFrame), role: "last_frame" }]),
  ...images.map((url) => ({ ...mediaPart("image", url), role: "reference_image" })),
  ...videos.map((url) => ({ ...mediaPart("video", url), role: "reference_video" })),
  ...audios.map((url) => ({ ...mediaPart("audio", url), role: "reference_audio" }))
]
