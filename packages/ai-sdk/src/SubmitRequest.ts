/** Converts the options of a call to the request of a submit. */
import type {
  Experimental_VideoModelV4CallOptions,
  ImageModelV4CallOptions,
  SharedV4Warning
} from "@ai-sdk/provider"
import type { SubmitInput } from "@gentask/core"
import { idempotencyKeyOf, parseCallOptions } from "./callOptions.ts"
import { kindOf, toMediaSource } from "./mediaSource.ts"
import type { ModelName } from "./modelId.ts"

/** The request of a submit, and what the AI SDK shows about it. */
export interface SubmitRequest {
  readonly request: SubmitInput
  readonly warnings: ReadonlyArray<SharedV4Warning>
}

type CallOptions = Pick<
  ImageModelV4CallOptions,
  "prompt" | "n" | "aspectRatio" | "seed" | "providerOptions" | "headers"
>

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

interface Size {
  readonly aspectRatio: string
  readonly resolution: string
}

/** Converts `1280x720` to what most vendors accept: `16:9` and `720p`. */
const parseSize = (text: string): Size | undefined => {
  const [width = 0, height = 0] = text.split("x").map(Number)
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) return undefined
  const common = divisor(width, height)
  return {
    aspectRatio: `${width / common}:${height / common}`,
    resolution: `${Math.min(width, height)}p`
  }
}

const unsupported = (feature: string, details: string): SharedV4Warning => ({
  type: "unsupported",
  feature,
  details
})

const useVendorName = ({ provider }: ModelName): string =>
  `gentask has no common input for it. Set the vendor's own parameter in providerOptions.${provider}.`

const definedMembers = (input: SubmitInput): SubmitInput =>
  Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined)
  ) as unknown as SubmitInput

const nonEmpty = <A>(list: ReadonlyArray<A>): ReadonlyArray<A> | undefined =>
  list.length === 0 ? undefined : list

/** What calls for images and videos have in common. */
const toCommonRequest = (name: ModelName, options: CallOptions): SubmitInput => {
  const { videos, audios, resolution } = parseCallOptions(options.providerOptions)
  return {
    account: name.account,
    model: name.model,
    prompt: options.prompt,
    aspectRatio: options.aspectRatio,
    resolution,
    seed: options.seed,
    // Models that create one output have no such input.
    count: options.n === 1 ? undefined : options.n,
    videos,
    audios,
    input: options.providerOptions[name.provider],
    idempotencyKey: idempotencyKeyOf(options.headers)
  }
}

/** Converts the options of a call for videos. */
export const toVideoRequest = (
  name: ModelName,
  options: Experimental_VideoModelV4CallOptions
): SubmitRequest => {
  const warnings: Array<SharedV4Warning> = []
  const common = toCommonRequest(name, { ...options, aspectRatio: undefined })
  const size = options.resolution === undefined ? undefined : parseSize(options.resolution)
  const { fps, generateAudio, frameImages = [], inputReferences = [] } = options
  if (fps !== undefined) warnings.push(unsupported("fps", useVendorName(name)))
  if (generateAudio !== undefined) warnings.push(unsupported("generateAudio", useVendorName(name)))
  const resolution = common.resolution ?? size?.resolution
  const aspectRatio = options.aspectRatio ?? size?.aspectRatio
  if (size !== undefined && common.resolution === undefined)
    warnings.push({
      type: "compatibility",
      feature: "resolution",
      details: `${options.resolution} is sent as resolution ${resolution} and aspect ratio ${aspectRatio}. Set providerOptions.gentask.resolution for another word of the vendor.`
    })
  const frame = (type: "first_frame" | "last_frame") =>
    frameImages.find(({ frameType }) => frameType === type)?.image
  const first = frame("first_frame") ?? options.image
  const last = frame("last_frame")
  const references = (kind: "image" | "video" | "audio") =>
    inputReferences.filter((file) => kindOf(file) === kind).map(toMediaSource)
  return {
    request: definedMembers({
      ...common,
      aspectRatio,
      resolution,
      duration: options.duration,
      firstFrame: first && toMediaSource(first),
      lastFrame: last && toMediaSource(last),
      images: nonEmpty(references("image")),
      videos: nonEmpty([...references("video"), ...(common.videos ?? [])]),
      audios: nonEmpty([...references("audio"), ...(common.audios ?? [])])
    }),
    warnings
  }
}

/** Converts the options of a call for images. @throws {TypeError} If there is a mask. */
export const toImageRequest = (name: ModelName, options: ImageModelV4CallOptions): SubmitRequest => {
  if (options.mask !== undefined)
    throw new TypeError(
      `Masks are not supported. Set the vendor's own parameter in providerOptions.${name.provider}. No task was created.`
    )
  const common = toCommonRequest(name, options)
  const size = options.size === undefined ? undefined : parseSize(options.size)
  const aspectRatio = common.aspectRatio ?? size?.aspectRatio
  const warnings: ReadonlyArray<SharedV4Warning> =
    size === undefined
      ? []
      : [
          {
            type: "compatibility",
            feature: "size",
            details: `${options.size} is sent as aspect ratio ${aspectRatio}. Set providerOptions.gentask.resolution for the vendor's word of a resolution.`
          }
        ]
  return {
    request: definedMembers({
      ...common,
      aspectRatio,
      images: nonEmpty((options.files ?? []).map(toMediaSource))
    }),
    warnings
  }
}
