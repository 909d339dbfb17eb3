import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** A long-running effect that owns one account. */
export interface AccountOwner<R> {
  readonly account: string
  readonly own: Effect.Effect<never, never, R>
}

/** Owns all accounts in this process. Only one process may do so: see lockFile.ts. */
export const homeCluster = <R>(owners: ReadonlyArray<AccountOwner<R>>): Layer.Layer<never, never, R> =>
  Layer.effectDiscard(
    Effect.forkScoped(Effect.forEach(owners, ({ own }) => own, { concurrency: "unbounded", discard: true }))
  )
