/** Queries the credit of an account. */
import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { QueryFailure } from "../exchange/ProviderError.ts"
import type { BalanceOutcome } from "../provider/BalanceOperation.ts"
import type { Amount } from "../task/Amount.ts"
import { callOperation, toProviderError } from "./callOperation.ts"
import { nameOf } from "../account/nameOf.ts"
import type { SubmitExchange } from "./SubmitContext.ts"

/** The credit of an account. */
export interface Balance {
  /** The account, as in a task ref. */
  readonly account: string
  /** What can still be spent. Null if the vendor does not report it. */
  readonly available: Amount | null
  /** What was spent so far. Null if the vendor does not report it. */
  readonly used: Amount | null
}

/** Queries the credit of an account. Fails with a `ConfigurationError` if the vendor does not report it. */
export const queryBalance = (
  account: ResolvedAccount,
  exchange: SubmitExchange
): Effect.Effect<Balance, QueryFailure> =>
  Effect.suspend((): Effect.Effect<Balance, QueryFailure> => {
    const operation = account.spec.balance
    const spec = operation?.request(account.settings)
    const name = nameOf(account)
    if (operation === undefined || spec === undefined)
      return Effect.fail(
        new ConfigurationError({
          reason: { _tag: "UnsupportedOperation", account: name, operation: "balance" },
          message: `${account.spec.title} has no documented way to query the balance. See the vendor's console.`
        })
      )
    const sent = exchange.send(spec, new Map())
    return callOperation<unknown, BalanceOutcome>(sent, operation, account.spec.errors).pipe(
      Effect.map(({ available, used }) => ({ account: name, available, used })),
      Effect.mapError(toProviderError(account, name))
    )
  })
