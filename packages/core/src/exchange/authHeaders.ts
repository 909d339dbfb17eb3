import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { Credentials } from "../provider/Credentials.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import { Secret } from "../provider/Secret.ts"
import { redact } from "./redact.ts"

/** Returns an account's API key as text. Empty if it has none. */
export const keyOf = ({ apiKey }: Pick<ResolvedAccount, "apiKey">): string =>
  apiKey === undefined ? "" : Secret.reveal(apiKey)

/** Collects what a provider authenticates a request with, including a nonce if the provider requires it. */
export const credentialsOf = (account: ResolvedAccount, now: Date, token?: string): Credentials => {
  const { spec, endpoint } = account
  return {
    apiKey: keyOf(account),
    endpoint,
    now,
    ...(spec.requires?.includes("nonce") === true ? { nonce: crypto.randomUUID() } : {}),
    ...(token === undefined ? {} : { token })
  }
}

/**
 * Returns the authentication headers of a request. None for an account without an API key.
 *
 * @param token The token of the provider's key exchange.
 * @param authorize What returns the headers. Defaults to that of the spec.
 * @throws {ConfigurationError} If the provider cannot use the API key.
 */
export const authHeaders = (
  account: ResolvedAccount,
  request: HttpRequest,
  now: Date,
  token?: string,
  authorize: ProviderSpec["authorize"] = account.spec.authorize
): Readonly<Record<string, string>> => {
  if (account.apiKey === undefined && token === undefined) return {}
  const apiKey = keyOf(account)
  if (authorize === undefined) {
    // A key that is exchanged for a token is sent nowhere else.
    const bearer = account.spec.keyExchange === undefined ? apiKey : token
    return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
  }
  try {
    return authorize(request, credentialsOf(account, now, token))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // A provider may quote the key that it cannot use.
    throw new ConfigurationError({
      reason: { _tag: "InvalidApiKey", account: account.name },
      message: redact(message, token === undefined ? apiKey : [apiKey, token])
    })
  }
}
