import type { CommonInputName } from "../provider/CommonInput.ts"

/**
 * What is wrong with an input:
 *
 * - `unsupported`: the model has no such input
 * - `missing`: the model requires it
 * - `invalid`: anything else
 */
export type InputProblemCode = "unsupported" | "missing" | "invalid"

/** One problem of a submit's input. */
export interface InputProblem {
  /** The dotted path of the input, such as `images.0`. Empty for the request as a whole. */
  readonly path: string
  /** The common input that sets the field, if its name differs. */
  readonly commonInput?: CommonInputName | undefined
  /** What is wrong and what to do, as a sentence without the path. */
  readonly message: string
  /** What is wrong, for programs. Set in every error. */
  readonly code?: InputProblemCode | undefined
  /** The common inputs that the model supports, if the code is `unsupported`. */
  readonly supported?: ReadonlyArray<string> | undefined
}
