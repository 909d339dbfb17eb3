/** An account whose options were checked: ready to ask. */
import { accountNamePattern, providerIdPattern } from "../task/TaskRef.ts"
import type { ProviderAccount } from "../provider/Account.ts"
import type { ProviderSpec, RateLimit } from "../provider/ProviderSpec.ts"
import { Secret } from "../provider/Secret.ts"
import { validate } from "../provider/validate.ts"
import { isLoopback } from "../http/ip.ts"
import { ConfigurationError } from "./ConfigurationError.ts"
import type { ConfigurationProblem } from "./ConfigurationError.ts"

/** An account that can ask: its host, key and settings are known to be usable. */
export interface ResolvedAccount {
  readonly spec: ProviderSpec
  readonly name: string
  readonly endpoint: string | undefined
  readonly baseUrl: URL
  /** The base URL's scheme and host, which every request begins with. */
  readonly origin: string
  /** The base URL's path, without a slash at its end: every request's own path follows it. */
  readonly basePath: string
  readonly apiKey: Secret
  readonly userAgent: string | undefined
  readonly settings: unknown
  readonly rateLimits: ReadonlyArray<RateLimit>
  /** Whether the account's host is this machine. */
  readonly isLocal: boolean
}

/** `jimeng` for the default account, else `jimeng@deepwl`. */
export const accountName = (account: ProviderAccount): string =>
  account.account === account.spec.id ? account.spec.id : `${account.spec.id}@${account.account}`

/** The name of an environment variable of an account: `JIMENG_API_KEY`, `JIMENG_DEEPWL_BASE_URL`. */
export const variableName = (provider: string, account: string, suffix: string): string =>
  [provider, ...(account === provider ? [] : [account]), suffix].join("_").replaceAll("-", "_").toUpperCase()

const problem = (kind: ConfigurationProblem, message: string): never => {
  throw new ConfigurationError({ problem: kind, message })
}

const quoted = (names: ReadonlyArray<string>): string => names.join(", ")

/** The endpoint's name and base URL that an account speaks to. */
const place = (account: ProviderAccount): { endpoint: string | undefined; baseUrl: string } => {
  const { spec } = account
  const names = Object.keys(spec.endpoints)
  const variable = (suffix: string): string => variableName(spec.id, account.account, suffix)
  if (account.endpoint !== undefined && !Object.hasOwn(spec.endpoints, account.endpoint)) {
    return problem(
      "UnknownEndpoint",
      `${accountName(account)} has no endpoint ${JSON.stringify(account.endpoint)}: it has ${quoted(names)}. ` +
        `Name one of them, or give a base URL (option baseUrl, variable ${variable("BASE_URL")}).`
    )
  }
  const endpoint = account.endpoint ?? spec.defaultEndpoint ?? (names.length === 1 ? names[0] : undefined)
  if (account.baseUrl !== undefined) return { endpoint, baseUrl: account.baseUrl }
  const baseUrl = endpoint === undefined ? undefined : spec.endpoints[endpoint]?.baseUrl
  if (baseUrl !== undefined) return { endpoint, baseUrl }
  return problem(
    "MissingEndpoint",
    `${accountName(account)} has no default endpoint. Choose ${names.join(" or ")} ` +
      `(option endpoint, variable ${variable("ENDPOINT")}), or give a base URL (option baseUrl, variable ${variable("BASE_URL")}).`
  )
}

const readBaseUrl = (account: ProviderAccount, text: string): URL => {
  const where = `The base URL of ${accountName(account)}`
  const example = "Give one such as https://api.example.com."
  const shown = JSON.stringify(text.replace(/\/\/[^/@]*@/, "//…@"))
  if (!URL.canParse(text)) return problem("InvalidBaseUrl", `${where} is no URL: ${shown}. ${example}`)
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return problem("InvalidBaseUrl", `${where} is not http or https: ${shown}. ${example}`)
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return problem("InvalidBaseUrl", `${where} holds more than a host and a path. ${example}`)
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return problem(
      "InvalidBaseUrl",
      `${where} is plain http, which would show the key to the network: ${shown}. Use https; http is for loopback alone.`
    )
  }
  return url
}

const checkSpec = (account: ProviderAccount): void => {
  const { spec } = account
  if ((spec as { readonly specVersion: unknown }).specVersion !== 1) {
    problem(
      "UnsupportedProvider",
      `The provider ${JSON.stringify(spec.id)} is built for version ${String(spec.specVersion)} of the plugin contract, and this core speaks version 1. Update whichever is older.`
    )
  }
  if (!providerIdPattern.test(spec.id)) {
    problem(
      "UnsupportedProvider",
      `A provider's id is made of lower-case letters, digits and hyphens: ${JSON.stringify(spec.id)} is not.`
    )
  }
  if (!accountNamePattern.test(account.account)) {
    problem(
      "UnknownAccount",
      `An account's name is made of lower-case letters, digits and hyphens: ${JSON.stringify(account.account)} is not.`
    )
  }
}

const readSettings = (account: ProviderAccount, endpoint: string | undefined): unknown => {
  const { spec } = account
  const given = {
    ...(endpoint === undefined ? undefined : spec.endpoints[endpoint]?.settings),
    ...account.settings
  }
  const names = Object.keys(given)
  if (spec.settings === undefined) {
    return names.length === 0
      ? {}
      : problem(
          "InvalidSettings",
          `${accountName(account)} has no settings of its own. Leave out ${quoted(names)}.`
        )
  }
  const settings = validate<unknown>(spec.settings, given)
  return settings.ok
    ? settings.value
    : problem(
        "InvalidSettings",
        `The settings of ${accountName(account)} are wrong${settings.path === "" ? "" : ` at ${settings.path}`}: ${settings.message}.`
      )
}

/**
 * Checks an account's options.
 *
 * @throws {ConfigurationError} with the sentence that says what to mend
 */
export const resolveAccount = (account: ProviderAccount): ResolvedAccount => {
  checkSpec(account)
  const { spec } = account
  const { endpoint, baseUrl } = place(account)
  const url = readBaseUrl(account, baseUrl)
  const settings = readSettings(account, endpoint)
  const { apiKey } = account
  if (apiKey === undefined) {
    return problem(
      "MissingApiKey",
      `${accountName(account)} has no API key. Set ${variableName(spec.id, account.account, "API_KEY")}, or pass the option apiKey.`
    )
  }
  // oxlint-disable-next-line no-control-regex -- what a header cannot carry
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(Secret.reveal(apiKey))) {
    return problem(
      "InvalidApiKey",
      `The API key of ${accountName(account)} holds blanks at its ends, line breaks or characters that no HTTP header can carry. Copy it again.`
    )
  }
  if (account.userAgent !== undefined && !/^[\x20-\x7e]+$/.test(account.userAgent)) {
    return problem(
      "InvalidSettings",
      `The userAgent of ${accountName(account)} holds line breaks or characters that no HTTP header can carry.`
    )
  }
  return {
    spec,
    name: account.account,
    endpoint,
    baseUrl: url,
    origin: url.origin,
    basePath: url.pathname.replace(/\/$/, ""),
    apiKey,
    userAgent: account.userAgent,
    settings,
    rateLimits: spec.rateLimits?.(settings) ?? [],
    isLocal: isLoopback(url.hostname)
  }
}
