/** The accounts that can be asked, and what each of them lacks. */
import { ConfigurationError, accountsFromVariables } from "@gentask/core"
import { accountName, resolveAccount, variableName } from "@gentask/core/internal"
import type { ProviderAccount, ProviderSpec, TaskRef } from "@gentask/core"
import type { ResolvedAccount } from "@gentask/core/internal"
import { Secret, configureAccount } from "@gentask/core/provider"
import { accountKey } from "./config.ts"
import type { Configuration } from "./config.ts"
import { firstLineOf } from "./output/sanitise.ts"

/** The account of a ref among these: the one so named, else the only one at an endpoint so named. */
export const accountOf = (
  accounts: ReadonlyArray<ProviderAccount>,
  ref: TaskRef.TaskRef
): ProviderAccount | undefined => {
  const own = accounts.filter((account) => account.spec.id === ref.provider)
  const name = ref.account ?? ref.provider
  const there = own.filter((account) => account.endpoint === name && account.baseUrl === undefined)
  return own.find((account) => account.account === name) ?? (there.length === 1 ? there[0] : undefined)
}

const bare = (spec: ProviderSpec, name: string): ProviderAccount =>
  configureAccount(spec, { account: name, endpoint: Object.hasOwn(spec.endpoints, name) ? name : undefined })

/** Whether an account's variables are those of another provider: `JIMMY_FILMS_API_KEY` where there is `jimmy-films`. */
const isOfAnother = (spec: ProviderSpec, name: string, { catalog }: Configuration): boolean =>
  catalog.ids.some((id) => id.startsWith(`${spec.id}-`) && `${spec.id}-${name}-`.startsWith(`${id}-`))

/** The accounts of a provider that the configuration tells of; the default one is always among them. */
export const accountsOf = (
  spec: ProviderSpec,
  configuration: Configuration
): ReadonlyArray<ProviderAccount> => {
  const settingsOf = (name: string) => configuration.settings.get(accountKey(spec.id, name))
  const told = accountsFromVariables(spec, configuration.variables).filter(
    ({ account }) =>
      account === spec.id || settingsOf(account) !== undefined || !isOfAnother(spec, account, configuration)
  )
  const named = [...configuration.settings.keys()]
    .filter((key) => key.startsWith(`${spec.id}@`))
    .map((key) => key.slice(spec.id.length + 1))
    .filter((name) => !told.some((account) => account.account === name))
  return [...told, ...named.map((name) => bare(spec, name))].map((account) => ({
    ...account,
    settings: settingsOf(account.account) ?? {}
  }))
}

/** Adds the account of each endpoint that a ref names, so that the person is told what it lacks, and not that it is unknown. */
export const withNamedEndpoints = (
  accounts: ReadonlyArray<ProviderAccount>,
  refs: ReadonlyArray<TaskRef.TaskRef>
): ReadonlyArray<ProviderAccount> => {
  const all = [...accounts]
  for (const ref of refs) {
    const spec = all.find((account) => account.spec.id === ref.provider)?.spec
    if (spec === undefined || ref.account === undefined || accountOf(all, ref) !== undefined) continue
    if (Object.hasOwn(spec.endpoints, ref.account)) all.push(bare(spec, ref.account))
  }
  return all
}

/** The name of the variable that holds an account's key. */
export const keyVariableOf = (account: ProviderAccount, configuration: Configuration): string =>
  configuration.keyVariables.get(accountKey(account.spec.id, account.account)) ??
  variableName(account.spec.id, account.account, "API_KEY")

/** An account with its options checked, whether or not it has a key; or what is wrong with it. */
export const inspectAccount = (account: ProviderAccount): ResolvedAccount | ConfigurationError => {
  try {
    return resolveAccount(account.apiKey === undefined ? { ...account, apiKey: new Secret("none") } : account)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    // What its provider does with an account's settings is the provider's own code.
    return new ConfigurationError({
      reason: { _tag: "UnsupportedProvider", provider: account.spec.id, problems: [] },
      message: `The provider of ${accountName(account)} fails at the account's settings: ${firstLineOf(error)}. Mend the provider, or tell its author.`
    })
  }
}

/** What keeps an account from being asked about this task; undefined if nothing does. */
export const problemOf = (
  ref: string,
  account: ProviderAccount,
  configuration: Configuration
): ConfigurationError | undefined => {
  const inspected = inspectAccount(account)
  if (inspected instanceof ConfigurationError) {
    return new ConfigurationError({ reason: inspected.reason, message: `${ref}: ${inspected.message}` })
  }
  if (account.apiKey !== undefined) return undefined
  const variable = keyVariableOf(account, configuration)
  return new ConfigurationError({
    reason: { _tag: "MissingApiKey", account: accountName(account), variable },
    message: `${ref}: ${accountName(account)} has no API key. Set the environment variable ${variable}, or name another one as apiKeyVariable in gentask.config.json.`
  })
}

/** The accounts to show. Where the default one has nothing configured and no endpoint, there are those of the endpoints. */
export const accountsToShow = (
  spec: ProviderSpec,
  configuration: Configuration
): ReadonlyArray<ProviderAccount> => {
  const [first, ...others] = accountsOf(spec, configuration)
  if (first === undefined) return []
  const names = Object.keys(spec.endpoints)
  const isBlank = first.apiKey === undefined && first.endpoint === undefined && first.baseUrl === undefined
  if (!isBlank || names.length === 0 || !(inspectAccount(first) instanceof ConfigurationError)) {
    return [first, ...others]
  }
  const missing = names.filter((name) => !others.some((account) => account.account === name))
  return [...others, ...missing.map((name) => bare(spec, name))]
}
