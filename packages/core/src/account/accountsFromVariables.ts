/** Accounts from names and values, as environment variables give them. */
import { configureAccount } from "../provider/Account.ts"
import type { ProviderAccount } from "../provider/Account.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import { variableName } from "./ResolvedAccount.ts"

/** Variables by name; a blank value is none. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What a variable of an account can be about. */
export const suffixes = ["API_KEY", "ENDPOINT", "BASE_URL", "USER_AGENT"] as const

const read = (variables: Variables, name: string): string | undefined => {
  const value = variables[name]?.trim()
  return value === "" ? undefined : value
}

/** One account, from its variables. */
const accountOf = (spec: ProviderSpec, name: string, variables: Variables): ProviderAccount => {
  const value = (suffix: (typeof suffixes)[number]): string | undefined =>
    read(variables, variableName(spec.id, name, suffix))
  return configureAccount(spec, {
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
