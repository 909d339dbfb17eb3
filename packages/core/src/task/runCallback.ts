/**
 * Calls a callback of the caller.
 *
 * @param onError Receives its exception, or the reason if it returns a promise that is rejected.
 * @returns False if there was an exception.
 */
export const runCallback = (callback: () => unknown, onError: (error: unknown) => void): boolean => {
  try {
    const result = callback()
    if (result instanceof Promise) result.catch(onError)
    return true
  } catch (error) {
    onError(error)
    return false
  }
}

/** Warns of an error of a callback when there is no operation left that it could end. */
export const warnOfCallbackError = (error: unknown): void =>
  globalThis.process?.emitWarning(error instanceof Error ? error : String(error))
