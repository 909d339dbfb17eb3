import type { CommonInput, CommonInputName } from "./CommonInput.ts"

/**
 * Returns the common inputs that a model supports. Core rejects a submit with any other, but translates it first, so that
 * it can report all problems at once.
 *
 * @param input The common inputs.
 * @param supported The names of those that the model supports.
 */
export const pickInputs = (input: CommonInput, supported: ReadonlyArray<CommonInputName>): CommonInput =>
  Object.fromEntries(supported.map((name) => [name, input[name]]))
