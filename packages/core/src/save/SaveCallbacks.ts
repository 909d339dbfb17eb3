/** The callbacks of `save`. */
import * as Effect from "effect/Effect"
import type { OutputRole } from "../task/Output.ts"
import { runCallback, warnOfCallbackError } from "../task/runCallback.ts"

/** The progress of the download of one output. */
export interface SaveProgress {
  /** The role of the output. */
  readonly role: OutputRole
  /** The index of the output in the `outputs` of the snapshot. */
  readonly index: number
  /**
   * How many bytes of the file have been received, including those of an earlier call that was interrupted. Decreases if
   * the download has to start again from the beginning.
   */
  readonly bytes: number
  /** The size of the file. Null if the server does not report it and the file is not complete. */
  readonly totalBytes: number | null
}

/** The callbacks of `save`. */
export interface SaveCallbacks {
  /**
   * Called after each failed attempt that is followed by another. That includes the attempt of another process that was
   * killed or does not respond, whose download is taken over.
   */
  readonly onRetry?: ((ref: string, reason: string) => void) | undefined
  /**
   * Called while an output is downloaded, at most 10 times per second, and once when its file is complete. Never called
   * for an output that was saved before.
   *
   * ```ts
   * onProgress: (ref, { bytes, totalBytes }) => console.error(ref, bytes, "of", totalBytes ?? "?")
   * ```
   */
  readonly onProgress?: ((ref: string, progress: SaveProgress) => void) | undefined
  /** Called once for each other process that is saving an output of the task, before waiting for it. */
  readonly onWait?: ((ref: string, message: string) => void) | undefined
}

/**
 * Runs an effect with callbacks that never throw. If a callback throws or rejects, the effect is interrupted, and the
 * error becomes a defect.
 */
export const withSaveCallbacks = <A, E>(
  { onRetry, onWait, onProgress }: SaveCallbacks,
  use: (callbacks: SaveCallbacks) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    if (onRetry === undefined && onWait === undefined && onProgress === undefined) return use({})
    let onError = warnOfCallbackError
    const failed = Effect.callback<never>((resume) => {
      onError = (error) => resume(Effect.die(error))
      return Effect.sync(() => {
        onError = warnOfCallbackError
      })
    })
    const guard = <Args extends ReadonlyArray<unknown>>(
      callback: ((...args: Args) => unknown) | undefined
    ): ((...args: Args) => void) | undefined =>
      callback &&
      ((...args) =>
        void runCallback(
          () => callback(...args),
          (error) => onError(error)
        ))
    const guarded = { onRetry: guard(onRetry), onWait: guard(onWait), onProgress: guard(onProgress) }
    return Effect.raceFirst(failed, use(guarded))
  })
