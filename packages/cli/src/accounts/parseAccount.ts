import * as Effect from "effect/Effect"
import { UsageError } from "../UsageError.ts"
import type { AccountTarget } from "./loadAccounts.ts"

const pattern = /^([a-z][a-z0-9-]*)(?:@([a-z0-9][a-z0-9-]*))?$/

/** Parses the name of an account as in a task ref: `jimmy`, or `jimeng@deepwl`. */
export const parseAccount = (name: string): Effect.Effect<AccountTarget, UsageError> => {
  const [, provider, account] = pattern.exec(name) ?? []
  return provider === undefined
    ? Effect.fail(
        new UsageError({
          message: `Invalid account ${JSON.stringify(name)}: expected a provider such as jimmy, or provider@account such as jimeng@deepwl. See gentask providers.`
        })
      )
    : Effect.succeed({ provider, account: account === provider ? undefined : account })
}
