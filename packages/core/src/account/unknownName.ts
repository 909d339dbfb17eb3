/** Errors about names that are not configured. They list the known names and suggest the closest one. */
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import { closestName } from "../task/closestName.ts"
import { accountName } from "./accountName.ts"
import { ConfigurationError } from "./ConfigurationError.ts"
import { hideCredentials } from "./hideCredentials.ts"
import { variableName } from "./variableName.ts"

const suggestion = (name: string, known: ReadonlyArray<string>): string => {
  const closest = closestName(name, known)
  return closest === undefined ? "" : ` Did you mean ${closest}?`
}

/**
 * Describes an unknown provider, as a text that follows a colon. It lists the known providers and suggests the closest
 * one.
 */
export const describeUnknownProvider = (provider: string, known: ReadonlyArray<string>): string => {
  const list = known.length === 0 ? "No provider is configured." : `Available providers: ${known.join(", ")}.`
  return `unknown provider ${JSON.stringify(provider)}.${suggestion(provider, known)} ${list}`
}

/**
 * Creates the error of a ref whose provider is not configured.
 *
 * @param ref The ref as text.
 * @param provider The ref's provider.
 * @param known The ids of the configured providers.
 */
export const unknownProvider = (
  ref: string,
  provider: string,
  known: ReadonlyArray<string>
): ConfigurationError => {
  // Some vendors' ids contain a colon, and users paste them without a provider.
  const example = closestName(provider, known) ?? known[0] ?? "sora"
  return new ConfigurationError({
    reason: { _tag: "UnknownProvider", provider, known },
    message:
      `${ref}: ${describeUnknownProvider(provider, known)} ` +
      `If this is a vendor's task id, put the provider in front: ${example}:${ref}.`
  })
}

/**
 * Creates the error of an account whose provider is not configured.
 *
 * @param account The name of the account.
 * @param provider Its provider.
 * @param known The ids of the configured providers.
 */
export const unknownProviderOfAccount = (
  account: string,
  provider: string,
  known: ReadonlyArray<string>
): ConfigurationError =>
  new ConfigurationError({
    reason: { _tag: "UnknownProvider", provider, known },
    message: `Invalid account ${JSON.stringify(account)}: ${describeUnknownProvider(provider, known)}`
  })

/**
 * Creates the error of a ref whose account is not configured.
 *
 * @param ref The ref as text.
 * @param account The name of the unknown account.
 * @param configured The configured accounts of the ref's provider: at least one.
 */
export const unknownAccount = (
  ref: string,
  account: string,
  configured: ReadonlyArray<ProviderAccount>
): ConfigurationError => {
  const provider = configured[0]?.spec.id ?? ""
  const known = configured.map(accountName)
  const names = configured.map((each) => each.account)
  return new ConfigurationError({
    reason: { _tag: "UnknownAccount", provider, account, known },
    message:
      `${ref}: unknown account ${JSON.stringify(account)} of ${provider}.${suggestion(account, names)} ` +
      `Configured accounts: ${known.join(", ")}.`
  })
}

/**
 * Creates the error of an account whose endpoint does not exist.
 *
 * @param account The account.
 * @param endpoint The name of the unknown endpoint.
 */
export const unknownEndpoint = (account: ProviderAccount, endpoint: string): ConfigurationError => {
  const { spec } = account
  const name = accountName(account)
  const known = Object.keys(spec.endpoints)
  // It may be a base URL.
  const shown = hideCredentials(endpoint)
  const list = known.length === 0 ? "It has no endpoints." : `Known endpoints: ${known.join(", ")}.`
  const choice = known.length === 0 ? "Set" : "Choose one of them, or set"
  return new ConfigurationError({
    reason: { _tag: "UnknownEndpoint", account: name, endpoint: shown, known },
    message:
      `Unknown endpoint ${JSON.stringify(shown)} of ${name}.${suggestion(endpoint, known)} ${list} ` +
      `${choice} a base URL (option baseUrl, variable ${variableName(spec.id, account.account, "BASE_URL")}).`
  })
}
