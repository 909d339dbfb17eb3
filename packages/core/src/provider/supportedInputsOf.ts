import { commonInputNames } from "./CommonInput.ts"
import type { CommonInputName } from "./CommonInput.ts"
import type { InputNames } from "./renameInputs.ts"

/**
 * Returns the common inputs that have a name of the vendor.
 *
 * ```ts
 * supportedInputs: (model) => supportedInputsOf(namesOf(model)),
 * toInput: (input, model) => renameInputs(input, namesOf(model))
 * ```
 *
 * @param names The vendor's names of the common inputs.
 */
export const supportedInputsOf = (names: InputNames): ReadonlyArray<CommonInputName> =>
  commonInputNames.filter((name) => names[name] !== undefined)
