import { randomUUID } from "node:crypto"
import type { CancelResult, ConfigurationError, InvalidTaskRef, ProviderError } from "@gentask/core"
import { decodeError } from "@gentask/core/schema"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { StoreError } from "../store/StoreError.ts"
import type { CancelOutcome, TrackerStoreService } from "../store/TrackerStore.ts"

/** How long to wait for the owner of an account, in milliseconds. */
const maxWaitMs = 30_000

const minDelayMs = 20
const maxDelayMs = 500

/** The owner of an account did not send a cancel in time. */
export class CancelNotSent extends Data.TaggedError("CancelNotSent")<{ readonly message: string }> {}

/** Lets the process that owns an account cancel a task, within the rate budget of the account. */
export const cancelByOwner = Effect.fnUntraced(function* (
  store: TrackerStoreService,
  { ref, account }: { readonly ref: string; readonly account: string }
): Effect.fn.Return<
  CancelResult,
  CancelNotSent | ConfigurationError | InvalidTaskRef | ProviderError | StoreError
> {
  const id = randomUUID()
  const awaitOutcome = Effect.gen(function* () {
    const deadline = (yield* Clock.currentTimeMillis) + maxWaitMs
    for (let delay = minDelayMs; ; delay = Math.min(2 * delay, maxDelayMs)) {
      const outcome = (yield* store.cancelOutcome(id)) as CancelOutcome | null
      if (outcome !== null) return outcome
      if ((yield* Clock.currentTimeMillis) >= deadline)
        return yield* new CancelNotSent({
          message: `The tracker that owns ${account} did not send the cancel in time. Try again later.`
        })
      yield* Effect.sleep(delay)
    }
  })
  yield* store.queueCancel({ id, account, ref })
  const outcome = yield* Effect.ensuring(awaitOutcome, Effect.ignore(store.removeCancel(id)))
  if ("result" in outcome) return outcome.result
  return yield* Effect.fail(decodeError(outcome.error) as ConfigurationError | InvalidTaskRef | ProviderError)
})
