import { fail } from "./ConformanceError.ts"

/** One check of the conformance kit. Pass it to any test runner: `it(check.name, check.run)`. */
export interface Check {
  /** A statement that is true if the check passes, such as `the spec has every member of the contract`. */
  readonly name: string
  /**
   * Runs the check, synchronously.
   *
   * @throws {ConformanceError} If the check fails.
   */
  readonly run: () => void
}

/** Creates a check whose result is already known. It passes if `problem` is undefined. */
export const knownCheck = (name: string, problem: string | undefined): Check => ({
  name,
  run: () => {
    if (problem !== undefined) fail(problem)
  }
})
