import * as Effect from "effect/Effect"
import type { Load } from "./QueryContestant.ts"

/** Returns a load of Effect fibers, each of which repeats a query. */
export const loadWithFibers =
  <E>(query: Effect.Effect<unknown, E>, run: (effect: Effect.Effect<void, E>) => Promise<void>): Load =>
  async (concurrency, milliseconds) => {
    const end = performance.now() + milliseconds
    let queries = 0
    const caller = Effect.whileLoop({
      while: () => performance.now() < end,
      body: () => query,
      step: () => {
        queries += 1
      }
    })
    await run(
      Effect.forEach(Array.from({ length: concurrency }), () => caller, {
        concurrency: "unbounded",
        discard: true
      })
    )
    return queries
  }
