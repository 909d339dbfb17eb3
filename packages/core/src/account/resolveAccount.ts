import { isLoopback, isPrivateNetwork } from "../http/ip.ts"
import { parseProviderSpec } from "../provider/parseProviderSpec.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import { Secret } from "../provider/Secret.ts"
import { tryParseJson } from "../provider/tryParseJson.ts"
import { validate } from "../provider/validate.ts"
import { accountNamePattern } from "../task/namePatterns.ts"
import { accountName } from "./accountName.ts"
import { ConfigurationError } from "./ConfigurationError.ts"
import type { ConfigurationErrorReason } from "./ConfigurationError.ts"
import { hideCredentials } from "./hideCredentials.ts"
import type { ResolvedAccount } from "./ResolvedAccount.ts"
import { unknownEndpoint } from "./unknownName.ts"
import { variableName } from "./variableName.ts"

const fail = (reason: ConfigurationErrorReason, message: string): never => {
  throw new ConfigurationError({ reason, message })
}

/** Specs that have been validated already. */
const validSpecs = new WeakSet<ProviderSpec>()

const validateSpec = (spec: ProviderSpec): void => {
  if (validSpecs.has(spec)) return
  const parsed = parseProviderSpec(spec)
  if (parsed.ok) {
    validSpecs.add(spec)
    return
  }
  const problems = parsed.problems.map(({ path, message }) => `${path === "" ? "the spec" : path} ${message}`)
  fail(
    { _tag: "UnsupportedProvider", provider: spec.id, problems: parsed.problems },
    `Unsupported provider ${JSON.stringify(spec.id)}: ${problems.join("; ")}.`
  )
}

const validateName = ({ spec, account }: ProviderAccount): void => {
  if (accountNamePattern.test(account)) return
  fail(
    { _tag: "InvalidAccountName", provider: spec.id, account },
    `Invalid account name ${JSON.stringify(account)} of ${spec.id}: use only lowercase letters, digits and hyphens.`
  )
}

const resolveEndpoint = (account: ProviderAccount): { endpoint: string | undefined; baseUrl: string } => {
  const { spec } = account
  const names = Object.keys(spec.endpoints)
  if (account.endpoint !== undefined && !Object.hasOwn(spec.endpoints, account.endpoint)) {
    throw unknownEndpoint(account, account.endpoint)
  }
  const endpoint = account.endpoint ?? spec.defaultEndpoint ?? (names.length === 1 ? names[0] : undefined)
  if (account.baseUrl !== undefined) return { endpoint, baseUrl: account.baseUrl }
  const baseUrl = endpoint === undefined ? undefined : spec.endpoints[endpoint]?.baseUrl
  if (baseUrl !== undefined) return { endpoint, baseUrl }
  const name = accountName(account)
  const variable = (suffix: string): string => variableName(spec.id, account.account, suffix)
  const choice =
    names.length === 0
      ? "Set"
      : `Choose ${names.join(" or ")} (option endpoint, variable ${variable("ENDPOINT")}), or set`
  return fail(
    { _tag: "MissingEndpoint", account: name, known: names },
    `${name} has no default endpoint. ${choice} a base URL (option baseUrl, variable ${variable("BASE_URL")}).`
  )
}

/** Whether requests of an account contain an API key. */
const sendsKey = ({ spec: { apiKey: mode = "required" }, apiKey }: ProviderAccount): boolean =>
  mode === "required" || (mode === "optional" && apiKey !== undefined)

/**
 * The hosts that may receive the API key: those of the endpoint, if a base URL is the endpoint's own. A base URL on this
 * machine stands for all hosts of the provider, because requests to them go to the base URL.
 */
const hostsOf = ({ endpoints }: ProviderSpec, endpoint: string | undefined, baseUrl: URL) => {
  if (isLoopback(baseUrl.hostname)) return Object.values(endpoints).flatMap(({ hosts = [] }) => hosts)
  const own = endpoint === undefined ? undefined : endpoints[endpoint]
  const isOwn = own !== undefined && URL.parse(own.baseUrl)?.origin === baseUrl.origin
  return isOwn ? (own.hosts ?? []) : []
}

/** Whether plain http is allowed: on this machine, and in a private network if no API key is sent. */
const allowsHttp = (account: ProviderAccount, host: string): boolean =>
  isLoopback(host) || (!sendsKey(account) && isPrivateNetwork(host))

const parseBaseUrl = (account: ProviderAccount, text: string): URL => {
  const name = accountName(account)
  const invalid = (problem: string): never =>
    fail({ _tag: "InvalidBaseUrl", account: name }, `Invalid base URL of ${name}: ${problem}`)
  const shown = JSON.stringify(hideCredentials(text))
  const example = "Use a URL such as https://api.example.com."
  if (!URL.canParse(text)) return invalid(`${shown} is not an absolute URL. ${example}`)
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return invalid(`${shown} is not an http or https URL. ${example}`)
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return invalid(`it must contain only a host and a path. ${example}`)
  }
  if (url.protocol === "http:" && !allowsHttp(account, url.hostname)) {
    return invalid(
      sendsKey(account)
        ? `${shown} would send the API key unencrypted. Use https. Plain http is allowed on loopback only.`
        : `${shown} is not encrypted. Use https. Plain http is allowed on loopback and in private networks only.`
    )
  }
  return url
}

const parseSettings = (account: ProviderAccount, endpoint: string | undefined): unknown => {
  const { spec } = account
  const name = accountName(account)
  const input = {
    ...(endpoint === undefined ? undefined : spec.endpoints[endpoint]?.settings),
    ...account.settings
  }
  if (spec.settings === undefined) {
    const names = Object.keys(input)
    return names.length === 0
      ? {}
      : fail(
          { _tag: "InvalidSettings", account: name, path: names[0] ?? "" },
          `${name} does not accept settings. Remove ${names.join(", ")}.`
        )
  }
  const settings = validate<unknown>(spec.settings, input)
  if (settings.ok) return settings.value
  const { path, message } = settings
  return fail(
    { _tag: "InvalidSettings", account: name, path },
    `Invalid settings of ${name}${path === "" ? "" : ` at ${path}`}: ${message.replace(/\.$/, "")}.`
  )
}

// Visible ASCII, with spaces between.
const headerValue = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** A key that is JSON, such as that of a service account, is exchanged for a token and not sent in a header. */
const isValidKey = ({ keyExchange }: ProviderSpec, key: string): boolean =>
  headerValue.test(key) ||
  (keyExchange !== undefined && /^\s*\{/.test(key) && tryParseJson(key) !== undefined)

const validateApiKey = (configured: ProviderAccount): Secret | undefined => {
  const { spec, account, apiKey } = configured
  if (!sendsKey(configured)) return undefined
  const name = accountName({ spec, account })
  if (apiKey === undefined) {
    const variable = variableName(spec.id, account, "API_KEY")
    return fail(
      { _tag: "MissingApiKey", account: name, variable },
      `${name} has no API key. Set ${variable}, or pass the option apiKey.`
    )
  }
  if (isValidKey(spec, Secret.reveal(apiKey))) return apiKey
  return fail(
    { _tag: "InvalidApiKey", account: name },
    `Invalid API key of ${name}: it contains whitespace at its ends, line breaks or characters that HTTP headers cannot contain. Copy it again.`
  )
}

const validateUserAgent = (account: ProviderAccount): string | undefined => {
  const { userAgent } = account
  if (userAgent === undefined || headerValue.test(userAgent)) return userAgent
  const name = accountName(account)
  return fail(
    { _tag: "InvalidSettings", account: name, path: "userAgent" },
    `Invalid userAgent of ${name}: it contains whitespace at its ends, line breaks or characters that HTTP headers cannot contain.`
  )
}

/**
 * Validates the options of an account.
 *
 * @throws {ConfigurationError} If an option is invalid. The message says which one, and what to do.
 */
export const resolveAccount = (account: ProviderAccount): ResolvedAccount => {
  const { spec } = account
  validateSpec(spec)
  validateName(account)
  const { endpoint, baseUrl } = resolveEndpoint(account)
  const url = parseBaseUrl(account, baseUrl)
  const settings = parseSettings(account, endpoint)
  return {
    spec,
    name: account.account,
    endpoint,
    baseUrl: url,
    origin: url.origin,
    basePath: url.pathname.replace(/\/$/, ""),
    hosts: hostsOf(spec, endpoint, url),
    apiKey: validateApiKey(account),
    userAgent: validateUserAgent(account),
    settings,
    rateLimits: spec.rateLimits?.(settings) ?? [],
    isLocal: isLoopback(url.hostname)
  }
}
