/** A configured provider: who asks, where, and with which settings. */
import type { ProviderSpec } from "./ProviderSpec.ts"
import { Secret } from "./Secret.ts"

/** What every provider's factory takes, besides the provider's own settings. */
export interface AccountOptions {
  /** The account's name in task refs. @default the provider's id */
  readonly account?: string | undefined
  /** One of the provider's named endpoints. */
  readonly endpoint?: string | undefined
  /** Any host that speaks the format: replaces the endpoint's origin, and the provider's paths stay. */
  readonly baseUrl?: string | undefined
  readonly apiKey?: string | undefined
  /** Sent with every request, for hosts that refuse unknown programs. @default none is sent */
  readonly userAgent?: string | undefined
}

/** A provider with an account's options: what `createGentask` and the `Tasks` layers take. */
export interface ProviderAccount {
  readonly spec: ProviderSpec
  readonly account: string
  readonly endpoint: string | undefined
  readonly baseUrl: string | undefined
  readonly apiKey: Secret | undefined
  readonly userAgent: string | undefined
  /** The provider's own settings, not yet validated. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** Configures a provider. Nothing is checked here: what is wrong is told when the account is used. */
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

/** Makes the factory that a provider package exports: `jimmy({ apiKey })`. */
export const providerFactory =
  <Settings, Hints, Body, Options extends object = AccountOptions>(
    spec: ProviderSpec<Settings, Hints, Body, Options>
  ) =>
  (options: AccountOptions & Options): ProviderAccount =>
    configureAccount(spec, options as AccountOptions & Readonly<Record<string, unknown>>)
