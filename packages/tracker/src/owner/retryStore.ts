import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { StoreError } from "../store/StoreError.ts"

const backoff = Schedule.min([
  Schedule.exponential("50 millis").pipe(Schedule.jittered),
  Schedule.spaced("2 seconds")
])

/** Retries a call of the store until it succeeds. An owner stops by its reservation, not by errors of the database. */
export const retryStore = <A, E, R>(
  effect: Effect.Effect<A, E | StoreError, R>
): Effect.Effect<A, Exclude<E, StoreError>, R> =>
  Effect.retry(effect, { schedule: backoff, while: isStoreError }) as Effect.Effect<
    A,
    Exclude<E, StoreError>,
    R
  >

const isStoreError = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "StoreError"
