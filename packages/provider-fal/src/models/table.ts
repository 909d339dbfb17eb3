import { defineModel, defineModels } from "@gentask/core/provider"
import type { DefinedModels, InputNames, ModelSpec } from "@gentask/core/provider"
import * as z from "zod"

/** The names that most models have. */
const commonNames = { prompt: "prompt", aspectRatio: "aspect_ratio", seed: "seed" } as const

const table = {
  "fal-ai/flux-2-pro": defineModel("image", { prompt: "prompt", seed: "seed" }, () =>
    z.strictObject({
      prompt: z.string(),
      seed: z.int().nullish(),
      output_format: z.enum(["jpeg", "png"]).optional()
    })
  )
}

/** The models that `fal.models` has. */
export type FalModels = DefinedModels<typeof table>

export const models: FalModels = defineModels(table)

/** Returns the vendor's names of the common inputs of a model. Unknown models have those that most models have. */
export const namesOf = (name: string): InputNames => {
  const known: Readonly<Record<string, ModelSpec & { readonly names: InputNames }>> = table
  return (Object.hasOwn(known, name) ? known[name]?.names : undefined) ?? commonNames
}
