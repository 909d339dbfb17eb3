import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import type { RateLimit } from "../provider/RateLimit.ts"
import type { Secret } from "../provider/Secret.ts"

/** An account whose options have been validated. */
export interface ResolvedAccount {
  /** The provider. */
  readonly spec: ProviderSpec
  /** The account's name. That of the default account is the provider's id. */
  readonly name: string
  /** The name of the endpoint. Undefined if the account has a base URL only. */
  readonly endpoint: string | undefined
  /** The base URL of all requests. */
  readonly baseUrl: URL
  /** The scheme and the host of the base URL. */
  readonly origin: string
  /** The path of the base URL, without a slash at its end. It precedes the paths of all requests. */
  readonly basePath: string
  /**
   * Further hosts that may receive the API key: those of the endpoint, if the base URL is the endpoint's own. A key for
   * another base URL must not leave it. On loopback, those of all endpoints: requests to them go to the base URL.
   */
  readonly hosts: ReadonlyArray<string>
  /** The API key. Undefined if requests are sent without one. */
  readonly apiKey: Secret | undefined
  /** The `User-Agent` header of every request. */
  readonly userAgent: string | undefined
  /** The provider's own settings, validated and with their defaults. */
  readonly settings: unknown
  /** The documented rate limits of queries. */
  readonly rateLimits: ReadonlyArray<RateLimit>
  /** Whether the base URL is on loopback. */
  readonly isLocal: boolean
}
