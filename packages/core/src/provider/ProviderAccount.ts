import type { AccountOptions } from "./AccountOptions.ts"
import type { ProviderSpec } from "./ProviderSpec.ts"
import { Secret } from "./Secret.ts"

/** A configured provider, as plain data: what `createGentask` takes. Created by a provider's factory. */
export interface ProviderAccount {
  /** The provider. */
  readonly spec: ProviderSpec
  /** The account's name. That of the default account is the provider's id. */
  readonly account: string
  /** The name of an endpoint. Undefined selects the provider's default endpoint. */
  readonly endpoint: string | undefined
  /** The base URL that replaces that of the endpoint. */
  readonly baseUrl: string | undefined
  /** The API key. */
  readonly apiKey: Secret | undefined
  /** The `User-Agent` header of every request. */
  readonly userAgent: string | undefined
  /** The provider's own settings, not validated yet. */
  readonly settings: Readonly<Record<string, unknown>>
}

/**
 * Configures an account of any provider. Unlike a provider's factory, it accepts endpoints and settings that are known
 * at run time only.
 *
 * Nothing is validated here. Invalid options are reported when the account is first used.
 *
 * ```ts
 * const account = configureAccount(spec, { endpoint: process.env.ENDPOINT, apiKey: process.env.API_KEY })
 * ```
 *
 * @param spec The provider.
 * @param options The options of the account, and the provider's own settings beside them.
 */
export const configureAccount = (
  spec: ProviderSpec,
  options: AccountOptions & { readonly [setting: string]: unknown }
): ProviderAccount => {
  const { account, endpoint, baseUrl, apiKey, userAgent, ...settings } = options
  return {
    spec,
    account: account ?? spec.id,
    endpoint,
    baseUrl,
    apiKey: apiKey === undefined || apiKey === "" ? undefined : new Secret(apiKey),
    userAgent,
    settings
  }
}
