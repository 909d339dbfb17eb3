/** Accounts from Effect's configuration. A module of its own, as `Config` brings all of `Schema` with it. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ProviderAccount } from "../provider/Account.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import { accountsFromVariables, suffixes } from "./accountsFromVariables.ts"
import { variableName } from "./ResolvedAccount.ts"

/**
 * The accounts that the configuration tells of, for the default account and for the account of each endpoint.
 * A value that cannot be read is as good as absent: the account then says what it lacks when it is asked for.
 */
export const accountsFromConfig = Effect.fnUntraced(function* (specs: ReadonlyArray<ProviderSpec>) {
  const accounts: Array<ProviderAccount> = []
  for (const spec of specs) {
    const variables: Record<string, string | undefined> = {}
    for (const name of [spec.id, ...Object.keys(spec.endpoints).filter((endpoint) => endpoint !== spec.id)]) {
      for (const suffix of suffixes) {
        const variable = variableName(spec.id, name, suffix)
        const value = yield* Effect.option(Config.option(Config.String(variable)))
        variables[variable] = Option.getOrUndefined(Option.flatten(value))
      }
    }
    accounts.push(...accountsFromVariables(spec, variables))
  }
  return accounts
})
