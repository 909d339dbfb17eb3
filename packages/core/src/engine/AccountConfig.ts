/** Accounts from names and values, as environment variables give them. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { configure } from "../provider/Account.ts"
import type { ProviderAccount } from "../provider/Account.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import { variableName } from "./ResolvedAccount.ts"

/** Variables by name; a blank value is none. */
export type Variables = Readonly<Record<string, string | undefined>>

const suffixes = ["API_KEY", "ENDPOINT", "BASE_URL", "USER_AGENT"] as const

const read = (variables: Variables, name: string): string | undefined => {
  const value = variables[name]?.trim()
  return value === "" ? undefined : value
}

/** One account, from its variables. */
const accountOf = (spec: ProviderSpec, name: string, variables: Variables): ProviderAccount => {
  const value = (suffix: (typeof suffixes)[number]): string | undefined =>
    read(variables, variableName(spec.id, name, suffix))
  return configure(spec, {
    account: name,
    apiKey: value("API_KEY"),
    endpoint: value("ENDPOINT") ?? (Object.hasOwn(spec.endpoints, name) ? name : undefined),
    baseUrl: value("BASE_URL"),
    userAgent: value("USER_AGENT")
  })
}

/** The names of the accounts that variables tell of: each has a key, an endpoint or a base URL. */
const namesIn = (spec: ProviderSpec, variables: Variables): ReadonlyArray<string> => {
  const prefix = variableName(spec.id, spec.id, "")
  const names = new Set<string>()
  for (const variable of Object.keys(variables)) {
    if (!variable.startsWith(prefix) || read(variables, variable) === undefined) continue
    const suffix = suffixes.find((each) => variable.endsWith(`_${each}`))
    if (suffix === undefined || variable.length <= prefix.length + suffix.length) continue
    names.add(
      variable
        .slice(prefix.length, -suffix.length - 1)
        .toLowerCase()
        .replaceAll("_", "-")
    )
  }
  return [...names].toSorted()
}

/**
 * The accounts of a provider that variables tell of: the default account always, so that what it lacks can be told,
 * and each further one that has a variable: `JIMENG_DEEPWL_API_KEY` is of the account `deepwl`, whose endpoint is the
 * one of that name if there is one.
 */
export const accountsFromVariables = (
  spec: ProviderSpec,
  variables: Variables
): ReadonlyArray<ProviderAccount> =>
  [spec.id, ...namesIn(spec, variables).filter((name) => name !== spec.id)].map((name) =>
    accountOf(spec, name, variables)
  )

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
