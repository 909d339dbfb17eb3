import * as Effect from "effect/Effect"
import type * as RetryPolicy from "./RetryPolicy.ts"

/** Like `Effect.retry`, but creates the schedule only after a first failure: most queries succeed at once. */
export const retryQuery = <A, E extends RetryPolicy.RetryableError>(
  query: Effect.Effect<A, E>,
  policy: RetryPolicy.RetryPolicy
): Effect.Effect<A, E> =>
  query.pipe(
    Effect.catch((error) => {
      let isFirst = true
      const attempt = Effect.suspend(() => {
        if (!isFirst) return query
        isFirst = false
        return Effect.fail(error)
      })
      return Effect.retry(attempt, policy)
    })
  )
