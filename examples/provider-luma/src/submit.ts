import { accepted, renameInputs, unknownOutcome } from "@gentask/core/provider"
import type { CommonInput, SubmitOperation } from "@gentask/core/provider"
import { generation } from "./wire.ts"
import type { LumaGeneration } from "./wire.ts"

const isImageModel = (model: string): boolean => model.startsWith("photon")

/** See https://docs.lumalabs.ai/docs/image-generation. */
const toImageInput = ({ images, ...input }: CommonInput): Record<string, unknown> => ({
  ...renameInputs(input, { prompt: "prompt", aspectRatio: "aspect_ratio" }),
  ...(images === undefined ? {} : { image_ref: images.map((url) => ({ url })) })
})

const keyframe = (url: unknown) => (url === undefined ? undefined : { type: "image", url })

/** See https://docs.lumalabs.ai/docs/video-generation. */
const toVideoInput = ({
  firstFrame,
  lastFrame,
  duration,
  ...input
}: CommonInput): Record<string, unknown> => ({
  ...renameInputs(input, { prompt: "prompt", aspectRatio: "aspect_ratio", resolution: "resolution" }),
  ...(duration === undefined ? {} : { duration: `${duration}s` }),
  ...(firstFrame === undefined && lastFrame === undefined
    ? {}
    : { keyframes: { frame0: keyframe(firstFrame), frame1: keyframe(lastFrame) } })
})

export const submit: SubmitOperation<unknown, LumaGeneration> = {
  supportedInputs: (model) =>
    isImageModel(model)
      ? ["prompt", "images", "aspectRatio"]
      : ["prompt", "firstFrame", "lastFrame", "aspectRatio", "resolution", "duration"],
  toInput: (input, model) => (isImageModel(model) ? toImageInput(input) : toVideoInput(input)),
  request: ({ input, model, webhook }) => ({
    method: "POST",
    path: `/generations/${isImageModel(model) ? "image" : "video"}`,
    body: { model, ...(webhook === undefined ? {} : { callback_url: webhook.url }), ...input }
  }),
  response: generation,
  // A response with an HTTP error has no documented body. Its status decides.
  decode: ({ id, created_at: createdAt, model, state }) =>
    id == null
      ? unknownOutcome({ _tag: "UnexpectedResponse", path: "id", message: "The response has no id" })
      : accepted({ id }, { rawStatus: state, model, createdAt })
}
