/** How Veo 3.1 of kie.ai differs from its other models. See https://docs.kie.ai/veo3-api/generate-veo-3-video */
import type { CommonInput } from "@gentask/core/provider"
import { isVeo } from "./models/veo.ts"

/** The param of refs whose query is that of Veo. */
export const veoParams = { api: "veo" } as const

/** The params of the ref of a new task. */
export const paramsOf = (model: string): Readonly<Record<string, string>> => (isVeo(model) ? veoParams : {})

/** The mode that the common inputs of images stand for: the vendor has one field for frames and references. */
export const generationTypeOf = (
  { firstFrame, lastFrame, images = [] }: CommonInput,
  renamed: Readonly<Record<string, unknown>>
): "FIRST_AND_LAST_FRAMES_2_VIDEO" | "REFERENCE_2_VIDEO" | undefined => {
  if (lastFrame !== undefined && firstFrame === undefined)
    throw new Error("The input lastFrame needs a firstFrame: the first of the images is the first frame.")
  if (firstFrame === undefined) return renamed["imageUrls"] === undefined ? undefined : "REFERENCE_2_VIDEO"
  if (images.length > 0)
    throw new Error("The input images cannot be combined with frames: this model has one imageUrls.")
  return "FIRST_AND_LAST_FRAMES_2_VIDEO"
}
