/** Translates the common inputs. */
import { contentParts, pickInputs, renameInputs, supportedInputsOf } from "@gentask/core/provider"
import type { CommonInput, CommonInputName, InputNames, ModelTable } from "@gentask/core/provider"
import { isSecondApi } from "./api.ts"
import { contentInputs, models } from "./models/table.ts"

const videoNames: InputNames = {
  prompt: "prompt",
  firstFrame: "first_frame_image",
  lastFrame: "last_frame_image",
  resolution: "resolution",
  duration: "duration"
}

/** The model that shows a person. */
const isSubjectModel = (model: string): boolean => /^S2V-/i.test(model)

/** The common inputs of models that the package does not know. */
export const supportedInputs = (model: string): ReadonlyArray<CommonInputName> => {
  if (isSecondApi(model)) return contentInputs
  if (isSubjectModel(model)) return ["prompt", "images"]
  return supportedInputsOf(videoNames)
}

/** The common inputs of a model, of which core rejects the others. */
const inputsOf = (model: string): ReadonlyArray<CommonInputName> => {
  const known: ModelTable = models
  return (Object.hasOwn(known, model) ? known[model]?.supportedInputs : undefined) ?? supportedInputs(model)
}

/** Returns the vendor's own input of the common inputs. */
export const toInput = (common: CommonInput, model: string): Record<string, unknown> => {
  const input = pickInputs(common, inputsOf(model))
  if (isSecondApi(model)) {
    const content = contentParts(input)
    const names = { aspectRatio: "ratio", resolution: "resolution", duration: "duration" }
    return { ...(content.length === 0 ? {} : { content }), ...renameInputs(input, names) }
  }
  if (!isSubjectModel(model)) return renameInputs(input, videoNames)
  const { image, ...rest } = renameInputs(input, {
    prompt: "prompt",
    images: { name: "image", as: "single" }
  })
  if (image === undefined) return rest
  return { ...rest, subject_reference: [{ type: "character", image: [image] }] }
}
