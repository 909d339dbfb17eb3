import type { OutputKind } from "../task/Output.ts"
import type { CommonInputName } from "./CommonInput.ts"
import { lazySchema } from "./lazySchema.ts"
import type { LazySchema } from "./lazySchema.ts"
import type { InputNames } from "./renameInputs.ts"

/** A model whose common inputs only have other names in the vendor's input. */
export interface RenamedModel<Input, Output, Common extends CommonInputName> {
  /** The kind of media that the model creates. */
  readonly mediaKind: OutputKind
  /** The vendor's names of the common inputs, for `renameInputs`. */
  readonly names: InputNames
  /** The common inputs that have a name. */
  readonly supportedInputs: ReadonlyArray<Common>
  /** The schema of the vendor's own input, created on first use. */
  readonly input: LazySchema<Input, Output>
  /** The URL of the model's documentation. */
  readonly docs: string | undefined
}

/**
 * Describes a model whose common inputs only have other names in the vendor's input.
 *
 * ```ts
 * const table = {
 *   "acme-1": defineModel("image", { prompt: "prompt", aspectRatio: "ratio" }, () =>
 *     z.strictObject({ prompt: z.string(), ratio: z.enum(["1:1", "16:9"]).optional() })
 *   )
 * }
 * export const models = defineModels(table)
 * ```
 *
 * @param mediaKind The kind of media that the model creates.
 * @param names The vendor's names of the common inputs that the model supports.
 * @param input Creates the schema of the vendor's own input. Unknown members must be invalid.
 * @param docs The URL of the model's documentation. @default the spec's `docs`
 */
export const defineModel = <const Names extends InputNames, Input, Output>(
  mediaKind: OutputKind,
  names: Names,
  input: () => LazySchema<Input, Output>,
  docs?: string
): RenamedModel<Input, Output, keyof Names & CommonInputName> => ({
  mediaKind,
  names,
  supportedInputs: Object.keys(names) as unknown as ReadonlyArray<keyof Names & CommonInputName>,
  input: lazySchema(input),
  docs
})
