/**
 * The options that every provider's factory accepts, besides the provider's own settings.
 *
 * @typeParam EndpointName The names of the provider's endpoints.
 */
export interface AccountOptions<EndpointName extends string = string> {
  /** The account's name in task refs: lowercase letters, digits and hyphens. @default the provider's id */
  readonly account?: string | undefined
  /** The name of one of the provider's endpoints. @default the provider's default endpoint */
  readonly endpoint?: EndpointName | undefined
  /**
   * The base URL of another host that speaks the format, such as `https://api.example.com`. It replaces the base URL of
   * the endpoint. Plain http is allowed on loopback only.
   */
  readonly baseUrl?: string | undefined
  /** The API key. A blank key counts as unset. Unset keys are reported when the account is first used. */
  readonly apiKey?: string | undefined
  /** The `User-Agent` header of every request, for hosts that reject unknown clients. @default no header */
  readonly userAgent?: string | undefined
}
