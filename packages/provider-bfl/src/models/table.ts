import { defineModels, inputNamesOf } from "@gentask/core/provider"
import type { DefinedModels, InputNames } from "@gentask/core/provider"
import { imagesModels } from "./images.generated.ts"
import { videosModels } from "./videos.generated.ts"

/** All models, with the names of their inputs. */
type Table = typeof imagesModels & typeof videosModels

const table: Table = { ...imagesModels, ...videosModels }

/** The models that `bfl.models` has. */
export type BflModels = DefinedModels<Table>

export const models: BflModels = defineModels(table)

/** Returns the vendor's names of the common inputs of a model. Unknown models have those of FLUX.2. */
export const namesOf = (name: string): InputNames =>
  inputNamesOf(table, name, imagesModels["flux-2-pro"].names)
