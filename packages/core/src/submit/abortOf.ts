import * as Effect from "effect/Effect"

/** Returns an effect that ends when a signal is aborted. It never ends without a signal. */
export const abortOf = (signal: AbortSignal | undefined): Effect.Effect<void> =>
  signal === undefined
    ? Effect.never
    : Effect.callback<void>((resume) => {
        const abort = (): void => resume(Effect.void)
        if (signal.aborted) return abort()
        signal.addEventListener("abort", abort, { once: true })
        return Effect.sync(() => signal.removeEventListener("abort", abort))
      })
