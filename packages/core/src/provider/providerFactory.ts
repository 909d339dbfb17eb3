import type { AccountOptions } from "./AccountOptions.ts"
import { modelBuilders } from "./ModelSpec.ts"
import type { ModelBuilders, ModelTable } from "./ModelSpec.ts"
import { configureAccount } from "./ProviderAccount.ts"
import type { ProviderAccount } from "./ProviderAccount.ts"
import type { ProviderSpec } from "./ProviderSpec.ts"

/** A provider without a table of models. */
type NoModels = { readonly [name in never]: never }

/** Configures an account, and has a function for each model that the provider knows. */
export interface ProviderFactory<
  Options extends object,
  EndpointName extends string,
  Models extends ModelTable
> {
  /**
   * Configures an account.
   *
   * @param options The common options, and the provider's own settings.
   */
  (options: AccountOptions<EndpointName> & Options): ProviderAccount
  /**
   * A function for each model, with the types of its inputs: `gentask.submit(acme.models["acme-1"]({ prompt: "A fox" }))`.
   */
  readonly models: ModelBuilders<Models>
}

/**
 * Creates the factory that a provider package exports. It accepts the common options and the provider's own settings.
 * Its `endpoint` is one of the names in the spec's `endpoints`.
 *
 * ```ts
 * export const acme = providerFactory(spec, models)
 *
 * acme({ apiKey: process.env.ACME_API_KEY, endpoint: "eu" })
 * acme.models["acme-1"]({ prompt: "A fox in the snow" })
 * ```
 *
 * @param spec The provider, as `defineProvider` returns it.
 * @param models The models of its `submit`, as `defineModels` returns them. @default no models
 */
export const providerFactory = <
  Settings,
  Params,
  Body,
  Options extends object,
  EndpointName extends string,
  Models extends ModelTable = NoModels
>(
  spec: ProviderSpec<Settings, Params, Body, Options, EndpointName>,
  models?: Models
): ProviderFactory<Options, EndpointName, Models> =>
  Object.assign(
    (options: AccountOptions<EndpointName> & Options): ProviderAccount =>
      configureAccount(spec, options as AccountOptions & Readonly<Record<string, unknown>>),
    { models: modelBuilders(spec.id, models ?? ({} as Models)) }
  )
