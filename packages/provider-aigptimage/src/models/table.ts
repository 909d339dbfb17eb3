import { defineModels, inputNamesOf } from "@gentask/core/provider"
import type { DefinedModels, InputNames } from "@gentask/core/provider"
import { gptImage2Models, gptImage2Names } from "./gptImage2.ts"
import { kieModels } from "./kieModels.ts"
import type { KieModels } from "./kieModels.ts"
import { kieVeo } from "./veo.ts"

/** All models of AI GPT Image and kie.ai. */
type Table = typeof gptImage2Models & typeof kieVeo & KieModels

const table: Table = { ...gptImage2Models, ...kieVeo, ...kieModels }

/** The models that `aigptimage.models` has. */
export type AigptimageModels = DefinedModels<Table>

export const models: AigptimageModels = defineModels(table)

/** Returns the vendor's names of the common inputs of a model. Unknown models have those that most models have. */
export const namesOf = (name: string): InputNames => inputNamesOf(table, name, gptImage2Names)
