/**
 * Calls a listener of the caller.
 *
 * @param onError Called with its exception, or later with its rejection.
 * @returns Whether it returned without an exception.
 */
export const callListener = (listener: () => unknown, onError: (error: unknown) => void): boolean => {
  try {
    const result = listener()
    if (result instanceof Promise) result.catch(onError)
    return true
  } catch (error) {
    onError(error)
    return false
  }
}

/** Reports an error of a listener whose operation has already ended. */
export const warnOfListener = (error: unknown): void =>
  globalThis.process?.emitWarning(error instanceof Error ? error : String(error))
