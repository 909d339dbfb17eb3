import * as Effect from "effect/Effect"

/** Work that is read from the database, and carried out with bounded concurrency. */
export interface DueWork<A, E, R> {
  readonly maxConcurrent: number
  /** Returns the most urgent work. What is under way may be part of it. */
  readonly read: (limit: number) => Effect.Effect<ReadonlyArray<A>, E, R>
  readonly keyOf: (work: A) => string
  /** Starts work in the background. */
  readonly start: (work: A) => Effect.Effect<void>
}

/**
 * Starts as much work as the bound allows, without what is under way.
 *
 * @param running The keys of the work under way. Its key is removed when it ends.
 */
export const startDue = <A, E, R>(
  running: Set<string>,
  { maxConcurrent, read, keyOf, start }: DueWork<A, E, R>
): Effect.Effect<void, E, R> =>
  Effect.gen(function* () {
    if (running.size >= maxConcurrent) return
    const due = yield* read(maxConcurrent + running.size)
    const waiting = due.filter((work) => !running.has(keyOf(work)))
    for (const work of waiting.slice(0, maxConcurrent - running.size)) {
      running.add(keyOf(work))
      yield* start(work)
    }
  })
