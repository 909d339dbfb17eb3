import { defineModels, inputNamesOf } from "@gentask/core/provider"
import type { DefinedModels, InputNames } from "@gentask/core/provider"
import { audiosModels } from "./audios.generated.ts"
import { imagesModels } from "./images.generated.ts"
import { videosModels } from "./videos.generated.ts"

/** The names that most models have. */
const commonNames = { prompt: "prompt", aspectRatio: "aspect_ratio", seed: "seed" } as const

/** All models, with the names of their inputs. */
type Table = typeof imagesModels & typeof videosModels & typeof audiosModels

const table: Table = { ...imagesModels, ...videosModels, ...audiosModels }

/** The models that `fal.models` has. */
export type FalModels = DefinedModels<Table>

export const models: FalModels = defineModels(table)

/** Returns the vendor's names of the common inputs of a model. Unknown models have those that most models have. */
export const namesOf = (name: string): InputNames => inputNamesOf(table, name, commonNames)
