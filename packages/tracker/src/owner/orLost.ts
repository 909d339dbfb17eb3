import * as Effect from "effect/Effect"
import type { StoreError } from "../store/StoreError.ts"
import type { Ownership } from "../store/TrackerStore.ts"
import { AccountLost } from "./AccountLost.ts"
import { retryStore } from "./retryStore.ts"

/** Retries a call of the store that needs the ownership. Fails with `AccountLost` if another process has taken the account. */
export const orLost = (
  { account }: Ownership,
  call: Effect.Effect<boolean, StoreError>
): Effect.Effect<void, AccountLost> =>
  Effect.flatMap(retryStore(call), (isOwner) =>
    isOwner ? Effect.void : Effect.fail(new AccountLost({ account }))
  )
