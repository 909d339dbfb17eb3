import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { SaveOptions } from "../save/save.ts"
import { callListener, warnOfListener } from "./callListener.ts"

/** Saves with the caller's listeners. An exception or a rejection of a listener ends the save. */
export const withSaveListeners = <A, E>(
  options: SaveOptions,
  save: (options: SaveOptions) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const listenerError = Deferred.makeUnsafe<never>()
    let isOver = false
    const onError = (error: unknown): void => {
      if (isOver) warnOfListener(error)
      else Deferred.doneUnsafe(listenerError, Effect.failCause(Cause.die(error)))
    }
    const listeners = Object.entries(options).filter(
      (entry): entry is [string, (...args: ReadonlyArray<unknown>) => unknown] =>
        typeof entry[1] === "function"
    )
    if (listeners.length === 0) return save(options)
    const safe = listeners.map(
      ([name, listener]) =>
        [
          name,
          (...args: ReadonlyArray<unknown>) => void callListener(() => listener(...args), onError)
        ] as const
    )
    const saved = save({ ...options, ...Object.fromEntries(safe) })
    return Effect.ensuring(
      Effect.raceFirst(saved, Deferred.await(listenerError)),
      Effect.sync(() => {
        isOver = true
      })
    )
  })
