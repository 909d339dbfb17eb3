const marker: unique symbol = Symbol.for("@gentask/core/GentaskError") as never

/**
 * Base class of all gentask errors. `_tag` names the kind of error, and `message` says what is wrong and what to do.
 *
 * @see {@link isGentaskError}, which also recognizes errors of another copy of this package.
 */
export abstract class GentaskError extends Error {
  /** The kind of error, such as `ProviderError`. */
  abstract readonly _tag: string
  /** Whether the same call may succeed later without any change. */
  abstract readonly isRetryable: boolean
  /** Marks the errors of every copy of this package. @internal */
  get [marker](): true {
    return true
  }
}

/**
 * Checks whether a value is a gentask error, also if another copy of this package created it.
 *
 * ```ts
 * try {
 *   await gentask.wait(ref)
 * } catch (error) {
 *   if (isGentaskError(error) && error.isRetryable) retryLater(ref)
 *   else throw error
 * }
 * ```
 *
 * @param value Any value, such as what a `catch` clause receives.
 */
export const isGentaskError = (value: unknown): value is GentaskError =>
  value instanceof Error && marker in value
