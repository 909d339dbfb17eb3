/** The base of every error that gentask fails with. */

const marker: unique symbol = Symbol.for("@gentask/core/GentaskError") as never

/**
 * Base class of all gentask errors. `_tag` names the kind of error and `message` says what is wrong and what to do.
 *
 * @see {@link isGentaskError}, which also recognizes errors of another copy of this package.
 */
export abstract class GentaskError extends Error {
  readonly [marker] = true
  /** The kind of error, such as `ProviderError`. */
  abstract readonly _tag: string
  /** Whether the same call may succeed later without any change. */
  abstract readonly isRetryable: boolean
}

/**
 * Checks whether a value is an error of gentask, also if another copy of the package created it.
 *
 * ```ts
 * try {
 *   await gentask.wait(ref)
 * } catch (error) {
 *   if (isGentaskError(error) && error.isRetryable) scheduleAgain(ref)
 *   else throw error
 * }
 * ```
 */
export const isGentaskError = (value: unknown): value is GentaskError =>
  value instanceof Error && marker in value
