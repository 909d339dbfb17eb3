import { ConfigurationError, TaskRef } from "@gentask/core"
import type { ProviderAccount, ProviderSpec } from "@gentask/core"
import { accountName } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import { keyVariable, validateAccount } from "../../accounts/accountError.ts"
import { accountsToList } from "../../accounts/configuredAccounts.ts"
import { loadConfiguration } from "../../config/loadConfiguration.ts"
import type { Configuration } from "../../config/loadConfiguration.ts"
import type { DiscoveredProvider } from "../../discovery/DiscoveredProvider.ts"
import { formatProvider } from "../../output/formatProvider.ts"
import type { AccountDescription, ListedProvider, ProviderDescription } from "../../output/formatProvider.ts"
import { painterFor } from "../../output/paint.ts"
import { jsonLine, oneLine } from "../../output/sanitize.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import type { Handler } from "../lazyHandler.ts"

export interface ProvidersInput {
  readonly json: boolean
}

/** Normalizes a base URL for comparison and display. Removes a slash at its end. */
const normalizeUrl = (text: string): string =>
  URL.canParse(text) ? new URL(text).href.replace(/\/$/, "") : text

/** Returns the parameters of example refs: `kind=video`. */
const paramsOf = (examples: ReadonlyArray<string>): ReadonlyArray<string> => {
  const params = examples.flatMap((example) => {
    try {
      return Object.entries(TaskRef.parse(example).params).map(([name, value]) => `${name}=${value}`)
    } catch {
      return []
    }
  })
  return [...new Set(params)]
}

const describeKey = (account: ProviderAccount, configuration: Configuration): AccountDescription["key"] => {
  const mode = account.spec.apiKey ?? "required"
  if (mode === "none") return null
  const key = { variable: keyVariable(account, configuration), found: account.apiKey !== undefined }
  return mode === "optional" ? { ...key, optional: true } : key
}

const describeAccount = (account: ProviderAccount, configuration: Configuration): AccountDescription => {
  const { spec } = account
  const validated = validateAccount(account)
  const isInvalid = validated instanceof ConfigurationError
  const endpoint = isInvalid ? account.endpoint : validated.endpoint
  return {
    account: accountName(account),
    endpoint: endpoint ?? null,
    baseUrl: isInvalid ? null : normalizeUrl(validated.baseUrl.href),
    key: describeKey(account, configuration),
    docs: (endpoint === undefined ? undefined : spec.endpoints[endpoint]?.docs) ?? spec.docs,
    problem: isInvalid ? oneLine(validated.message) : null
  }
}

const describeProvider = (
  { id, version, source }: DiscoveredProvider,
  spec?: ProviderSpec
): ProviderDescription => ({
  provider: id,
  title: spec?.title ?? null,
  version,
  source,
  endpoints: Object.fromEntries(
    Object.entries(spec?.endpoints ?? {}).map(([name, { baseUrl }]) => [name, normalizeUrl(baseUrl)])
  ),
  makes: spec?.mediaKinds ?? [],
  hints: paramsOf(spec?.examples ?? []),
  examples: spec?.examples ?? []
})

/** The `--json` members that replace those of an account if a provider cannot be used. */
const withoutAccount = (problem: string) => ({
  account: null,
  endpoint: null,
  baseUrl: null,
  key: null,
  docs: null,
  problem: oneLine(problem)
})

const listProvider = (
  provider: DiscoveredProvider,
  configuration: Configuration
): Effect.Effect<ListedProvider> =>
  Effect.match(provider.load, {
    onSuccess: (spec) => ({
      provider: describeProvider(provider, spec),
      accounts: accountsToList(spec, configuration).map((account) => describeAccount(account, configuration)),
      problem: undefined
    }),
    onFailure: ({ message }) => ({ provider: describeProvider(provider), accounts: [], problem: message })
  })

const toJsonLines = ({ provider, accounts, problem }: ListedProvider): ReadonlyArray<string> =>
  (problem === undefined ? accounts : [withoutAccount(problem)]).map((account) =>
    jsonLine({ ...provider, ...account })
  )

/** Lists all providers with their accounts. */
export const runProviders: Handler<ProvidersInput> = Effect.fnUntraced(function* ({ json }: ProvidersInput) {
  const configuration = yield* loadConfiguration(process.env, process.cwd())
  const { catalog, missing } = configuration
  const providers = yield* Effect.forEach(
    [...catalog.all, ...missing],
    (provider) => listProvider(provider, configuration),
    { concurrency: "unbounded" }
  )
  const paint = painterFor(process.stdout)
  const text = json
    ? providers.flatMap(toJsonLines).join("\n")
    : providers.map((provider) => formatProvider(provider, paint).join("\n")).join("\n\n")
  process.stdout.write(`${text}\n`)
  return exitStatus.success
})
