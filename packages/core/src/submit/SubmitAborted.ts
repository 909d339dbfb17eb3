import * as Effect from "effect/Effect"

/** The caller aborted the submit, and the vendor created no task. */
export interface SubmitAborted {
  /** Always `SubmitAborted`. */
  readonly _tag: "SubmitAborted"
}

/** The error of an aborted submit. */
export const submitAborted: SubmitAborted = { _tag: "SubmitAborted" }

/** Runs an effect until it ends or the submit is aborted. */
export const untilAborted = <A, E, R>(
  aborted: Effect.Effect<void>,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | SubmitAborted, R> =>
  Effect.raceFirst(
    Effect.flatMap(aborted, () => Effect.fail(submitAborted)),
    effect
  )
