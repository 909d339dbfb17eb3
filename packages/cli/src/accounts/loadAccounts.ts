import { ConfigurationError } from "@gentask/core"
import type { ProviderAccount, ProviderSpec, TaskRef } from "@gentask/core"
import { describeUnknownProvider, findAccount, unknownAccount, unknownProvider } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import type { Configuration } from "../config/loadConfiguration.ts"
import { UnusableProvider } from "../discovery/DiscoveredProvider.ts"
import type { ProviderCatalog } from "../discovery/ProviderCatalog.ts"
import { accountError } from "./accountError.ts"
import { configuredAccounts, withEndpointAccounts } from "./configuredAccounts.ts"

/** An account, and the ref that names it if there is one. Messages about it start with the ref. */
export interface AccountTarget extends Pick<TaskRef.TaskRef, "provider" | "account"> {
  readonly ref?: string | undefined
}

/** A loaded provider, or why it cannot be used. Undefined if it does not exist. */
type LoadedProvider = ProviderSpec | UnusableProvider | undefined

/** The accounts that a command needs. */
export interface LoadedAccounts {
  readonly accounts: ReadonlyArray<ProviderAccount>
  /** Returns an account that can send requests. */
  readonly require: (target: AccountTarget) => Effect.Effect<ProviderAccount, ConfigurationError>
  /** The same, without an API key. */
  readonly requireWithoutKey: (target: AccountTarget) => Effect.Effect<ProviderAccount, ConfigurationError>
  /**
   * Returns why requests of an account cannot be sent. Undefined if they can, or if its provider has no such account, which
   * the client reports itself.
   */
  readonly errorOf: (target: AccountTarget) => ConfigurationError | undefined
}

const loadProvider = (id: string, catalog: ProviderCatalog): Effect.Effect<LoadedProvider> =>
  Effect.match(catalog.find(id)?.load ?? Effect.succeed(undefined), {
    onSuccess: (spec): LoadedProvider => spec,
    onFailure: (error): LoadedProvider => error
  })

const loadProviders = (
  targets: ReadonlyArray<AccountTarget>,
  catalog: ProviderCatalog
): Effect.Effect<ReadonlyMap<string, LoadedProvider>> =>
  Effect.map(
    Effect.forEach(
      new Set(targets.map(({ provider }) => provider)),
      (id) => Effect.map(loadProvider(id, catalog), (provider) => [id, provider] as const),
      { concurrency: "unbounded" }
    ),
    (entries) => new Map(entries)
  )

const unknownProviderOfAccount = (
  provider: string,
  known: ReadonlyArray<string>
): Pick<ConfigurationError, "reason" | "message"> => ({
  reason: { _tag: "UnknownProvider", provider, known },
  message: `Invalid account: ${describeUnknownProvider(provider, known)}`
})

/** Loads the providers of accounts, and configures the accounts. */
export const loadAccounts = Effect.fnUntraced(function* (
  targets: ReadonlyArray<AccountTarget>,
  configuration: Configuration
): Effect.fn.Return<LoadedAccounts> {
  const { catalog } = configuration
  const providers = yield* loadProviders(targets, catalog)
  const specs = [...providers.values()].filter(
    (provider): provider is ProviderSpec => provider !== undefined && !(provider instanceof UnusableProvider)
  )
  const accounts = withEndpointAccounts(
    specs.flatMap((spec) => configuredAccounts(spec, configuration)),
    targets
  )

  const providerErrorOf = ({ provider: id, ref }: AccountTarget): ConfigurationError | undefined => {
    const provider = providers.get(id)
    if (provider === undefined) {
      const { reason, message } =
        ref === undefined ? unknownProviderOfAccount(id, catalog.ids) : unknownProvider(ref, id, catalog.ids)
      return new ConfigurationError({ reason, message: `${message} ${catalog.advice}` })
    }
    if (!(provider instanceof UnusableProvider)) return undefined
    const problem = `annot use the provider ${id}. ${provider.message}`
    return new ConfigurationError({
      reason: { _tag: "UnsupportedProvider", provider: id, problems: [] },
      message: ref === undefined ? `C${problem}` : `${ref}: c${problem}`
    })
  }
  const find = (target: AccountTarget): ProviderAccount | undefined => findAccount(accounts, target)

  const errorOf = (target: AccountTarget): ConfigurationError | undefined => {
    const error = providerErrorOf(target)
    if (error !== undefined) return error
    const account = find(target)
    return account === undefined ? undefined : accountError(target.ref, account, configuration)
  }

  const requireWith =
    (check: (target: AccountTarget) => ConfigurationError | undefined) =>
    (target: AccountTarget): Effect.Effect<ProviderAccount, ConfigurationError> => {
      const error = check(target)
      if (error !== undefined) return Effect.fail(error)
      const { provider, account = provider } = target
      const configured = accounts.filter(({ spec }) => spec.id === provider)
      const found = find(target)
      return found === undefined
        ? Effect.fail(unknownAccount(`${provider}@${account}`, account, configured))
        : Effect.succeed(found)
    }

  return {
    accounts,
    errorOf,
    require: requireWith(errorOf),
    requireWithoutKey: requireWith(providerErrorOf)
  }
})
