/** One thing that the conformance kit looks at. */

/** A named check: `run` throws an error that says what is wrong and what to do, or answers nothing. */
export interface Check {
  /** A sentence that holds where the check passes. */
  readonly name: string
  readonly run: () => void
}

/** What a failing check throws. */
export class ConformanceError extends Error {
  override readonly name = "ConformanceError"
}

/** Ends a check that fails. */
export const fail = (message: string): never => {
  throw new ConformanceError(message)
}

/** The sentence of an error that somebody else threw. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
