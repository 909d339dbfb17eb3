import type { AccountOptions } from "./AccountOptions.ts"
import { configureAccount } from "./ProviderAccount.ts"
import type { ProviderAccount } from "./ProviderAccount.ts"
import type { ProviderSpec } from "./ProviderSpec.ts"

/**
 * Creates the factory that a provider package exports. It accepts the common options and the provider's own settings.
 * Its `endpoint` is one of the names in the spec's `endpoints`.
 *
 * ```ts
 * export const acme = providerFactory(spec)
 *
 * acme({ apiKey: process.env.ACME_API_KEY, endpoint: "eu" })
 * ```
 *
 * @param spec The provider, as `defineProvider` returns it.
 */
export const providerFactory =
  <Settings, Params, Body, Options extends object, EndpointName extends string>(
    spec: ProviderSpec<Settings, Params, Body, Options, EndpointName>
  ) =>
  (options: AccountOptions<EndpointName> & Options): ProviderAccount =>
    configureAccount(spec, options as AccountOptions & Readonly<Record<string, unknown>>)
