/** The error of a failed check. Its message says what is wrong and how to fix it. */
export class ConformanceError extends Error {
  /** The name of the class. */
  override readonly name = "ConformanceError"
}

/**
 * Fails the running check.
 *
 * @throws {ConformanceError} Always.
 */
export const fail = (message: string): never => {
  throw new ConformanceError(message)
}
