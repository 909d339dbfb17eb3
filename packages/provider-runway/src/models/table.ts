import { defineModels, inputNamesOf } from "@gentask/core/provider"
import type { DefinedModels, InputNames } from "@gentask/core/provider"
import { imageToVideoModels } from "./imageToVideo.generated.ts"
import { textToImageModels } from "./textToImage.generated.ts"
import { textToVideoModels } from "./textToVideo.generated.ts"
import { videoToVideoModels } from "./videoToVideo.generated.ts"

/** All models, with the names of their inputs. */
type Table = typeof textToImageModels &
  typeof textToVideoModels &
  typeof imageToVideoModels &
  typeof videoToVideoModels

const table: Table = {
  ...textToImageModels,
  ...textToVideoModels,
  ...imageToVideoModels,
  ...videoToVideoModels
}

/** The models that `runway.models` has. */
export type RunwayModels = DefinedModels<Table>

export const models: RunwayModels = defineModels(table)

/** The names that most models have. */
const commonNames: InputNames = { prompt: "promptText" }
const imageToVideoNames: InputNames = { ...commonNames, firstFrame: "promptImage" }

/** Returns the vendor's names of the common inputs of a model. */
export const namesOf = (name: string): InputNames =>
  inputNamesOf(table, name, name.startsWith("image_to_video/") ? imageToVideoNames : commonNames)
