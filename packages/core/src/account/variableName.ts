/**
 * Returns the name of an account's environment variable.
 *
 * ```ts
 * variableName("jimeng", "jimeng", "API_KEY") // "JIMENG_API_KEY"
 * variableName("jimeng", "deepwl", "BASE_URL") // "JIMENG_DEEPWL_BASE_URL"
 * ```
 *
 * @param provider The provider's id.
 * @param account The account's name. That of the default account is the provider's id.
 * @param suffix What the variable sets: `API_KEY`, `ENDPOINT`, `BASE_URL` or `USER_AGENT`.
 */
export const variableName = (provider: string, account: string, suffix: string): string =>
  [provider, ...(account === provider ? [] : [account]), suffix].join("_").replaceAll("-", "_").toUpperCase()
