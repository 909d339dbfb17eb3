/** Asks by fibers of Effect: each asks, is answered, and asks again. */
import * as Effect from "effect/Effect"
import type { AskFor } from "./Contestant.ts"

/** Asks by so many fibers at a time. */
export const byFibers =
  <E>(ask: Effect.Effect<unknown, E>, run: (effect: Effect.Effect<void, E>) => Promise<void>): AskFor =>
  async (concurrency, milliseconds) => {
    const end = performance.now() + milliseconds
    let questions = 0
    const caller = Effect.whileLoop({
      while: () => performance.now() < end,
      body: () => ask,
      step: () => {
        questions += 1
      }
    })
    await run(
      Effect.forEach(Array.from({ length: concurrency }), () => caller, {
        concurrency: "unbounded",
        discard: true
      })
    )
    return questions
  }
