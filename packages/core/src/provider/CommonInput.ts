import type { MediaInput } from "./InputFile.ts"

/**
 * What a user wants to create, in terms that are the same for every vendor.
 *
 * @typeParam Media How media are given: to a provider as URLs and files, by a user as any {@link MediaSource}.
 */
export interface CommonInput<Media = MediaInput> {
  /** What the result shows. */
  readonly prompt?: string | undefined
  /** Images to edit, to combine, or to use as references. */
  readonly images?: ReadonlyArray<Media> | undefined
  /** The image that a video starts with. */
  readonly firstFrame?: Media | undefined
  /** The image that a video ends with. */
  readonly lastFrame?: Media | undefined
  /** Videos to edit, or to use as references. */
  readonly videos?: ReadonlyArray<Media> | undefined
  /** Sounds or speech for the result. */
  readonly audios?: ReadonlyArray<Media> | undefined
  /** Width to height, such as `16:9`. */
  readonly aspectRatio?: string | undefined
  /** The vendor's word for the resolution, such as `720p` or `2k`. */
  readonly resolution?: string | undefined
  /** The length of a video or of a sound, in seconds. */
  readonly duration?: number | undefined
  /** How many outputs to create. Vendors may bill each. */
  readonly count?: number | undefined
  /** The seed of the random numbers. */
  readonly seed?: number | undefined
}

/** The name of a common input. */
export type CommonInputName = keyof CommonInput

/** The names of all common inputs. */
export const commonInputNames: ReadonlyArray<CommonInputName> = Object.freeze([
  "prompt",
  "images",
  "firstFrame",
  "lastFrame",
  "videos",
  "audios",
  "aspectRatio",
  "resolution",
  "duration",
  "count",
  "seed"
])
