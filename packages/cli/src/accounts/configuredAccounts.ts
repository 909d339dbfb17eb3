import { ConfigurationError } from "@gentask/core"
import type { ProviderAccount, ProviderSpec, TaskRef } from "@gentask/core"
import { accountsFromVariables, findAccount } from "@gentask/core/internal"
import { configureAccount } from "@gentask/core/provider"
import { accountKey } from "../config/loadConfiguration.ts"
import type { Configuration } from "../config/loadConfiguration.ts"
import { validateAccount } from "./accountError.ts"

/** An account without options. It uses the endpoint with its name, if there is one. */
const emptyAccount = (spec: ProviderSpec, name: string): ProviderAccount =>
  configureAccount(spec, { account: name, endpoint: Object.hasOwn(spec.endpoints, name) ? name : undefined })

/** Whether the variables of an account belong to another provider: `JIMMY_FILMS_API_KEY` if there is a `jimmy-films`. */
const belongsToOtherProvider = (spec: ProviderSpec, name: string, { catalog }: Configuration): boolean =>
  catalog.ids.some((id) => id.startsWith(`${spec.id}-`) && `${spec.id}-${name}-`.startsWith(`${id}-`))

/** Returns the configured accounts of a provider. The default account is always the first one. */
export const configuredAccounts = (
  spec: ProviderSpec,
  configuration: Configuration
): ReadonlyArray<ProviderAccount> => {
  const settingsOf = (name: string) => configuration.settings.get(accountKey(spec.id, name))
  const fromVariables = accountsFromVariables(spec, configuration.variables).filter(
    ({ account }) =>
      account === spec.id ||
      settingsOf(account) !== undefined ||
      !belongsToOtherProvider(spec, account, configuration)
  )
  const fromFiles = [...configuration.settings.keys()]
    .filter((key) => key.startsWith(`${spec.id}@`))
    .map((key) => key.slice(spec.id.length + 1))
    .filter((name) => !fromVariables.some((account) => account.account === name))
    .map((name) => emptyAccount(spec, name))
  return [...fromVariables, ...fromFiles].map((account) => ({
    ...account,
    settings: settingsOf(account.account) ?? {}
  }))
}

/**
 * Adds an account for each endpoint that a ref names. The error message then says what the account is missing, instead
 * of that it does not exist.
 */
export const withEndpointAccounts = (
  accounts: ReadonlyArray<ProviderAccount>,
  refs: ReadonlyArray<Pick<TaskRef.TaskRef, "provider" | "account">>
): ReadonlyArray<ProviderAccount> => {
  const all = [...accounts]
  for (const ref of refs) {
    const spec = all.find((account) => account.spec.id === ref.provider)?.spec
    if (spec === undefined || ref.account === undefined || findAccount(all, ref) !== undefined) continue
    if (Object.hasOwn(spec.endpoints, ref.account)) all.push(emptyAccount(spec, ref.account))
  }
  return all
}

/**
 * Returns the accounts to list. If the default account has no options and no endpoint, lists an account for each
 * endpoint instead.
 */
export const accountsToList = (
  spec: ProviderSpec,
  configuration: Configuration
): ReadonlyArray<ProviderAccount> => {
  const [first, ...others] = configuredAccounts(spec, configuration)
  if (first === undefined) return []
  const endpoints = Object.keys(spec.endpoints)
  const isEmpty = first.apiKey === undefined && first.endpoint === undefined && first.baseUrl === undefined
  if (!isEmpty || endpoints.length === 0 || !(validateAccount(first) instanceof ConfigurationError)) {
    return [first, ...others]
  }
  const missing = endpoints.filter((name) => !others.some((account) => account.account === name))
  return [...others, ...missing.map((name) => emptyAccount(spec, name))]
}
