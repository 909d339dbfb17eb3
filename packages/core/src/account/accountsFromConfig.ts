// Separate from `Tasks.ts` and loaded on use, because `Config` loads all of Effect's `Schema`.
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import { accountsFromVariables, variableSuffixes } from "./accountsFromVariables.ts"
import { variableName } from "./variableName.ts"

/**
 * Returns the accounts that Effect's configuration sets: the default account of each provider, and one for each of its
 * endpoints that has a variable. Values that cannot be read count as unset.
 *
 * @param specs The providers.
 */
export const accountsFromConfig = Effect.fnUntraced(function* (specs: ReadonlyArray<ProviderSpec>) {
  const accounts: Array<ProviderAccount> = []
  for (const spec of specs) {
    const variables: Record<string, string | undefined> = {}
    for (const name of new Set([spec.id, ...Object.keys(spec.endpoints)])) {
      for (const suffix of variableSuffixes) {
        const variable = variableName(spec.id, name, suffix)
        const value = yield* Effect.option(Config.option(Config.String(variable)))
        variables[variable] = Option.getOrUndefined(Option.flatten(value))
      }
    }
    accounts.push(...accountsFromVariables(spec, variables))
  }
  return accounts
})
