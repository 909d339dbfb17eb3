import { GentaskError } from "./GentaskError.ts"

const maxShownLength = 80

/** The fields of an {@link InvalidTaskRef}. */
export interface InvalidTaskRefFields {
  /** The text that is not a task ref. */
  readonly input: string
  /** What is wrong with it, as the rest of a sentence: `expected provider:taskId`. */
  readonly problem: string
}

/** A text is not a valid task ref. The message says why. */
export class InvalidTaskRef extends GentaskError {
  /** Always `InvalidTaskRef`. */
  readonly _tag = "InvalidTaskRef"
  /** Equal to `_tag`. */
  override readonly name = "InvalidTaskRef"
  /** Always false. */
  readonly isRetryable = false
  /** The text as it was given. */
  readonly input: string
  /** What is wrong with it, as the rest of a sentence: `expected provider:taskId`. */
  readonly problem: string

  constructor({ input, problem }: InvalidTaskRefFields) {
    const shown = input.length > maxShownLength ? `${input.slice(0, maxShownLength)}…` : input
    super(`Invalid task ref ${JSON.stringify(shown)}: ${problem}.`)
    this.input = input
    this.problem = problem
  }
}
