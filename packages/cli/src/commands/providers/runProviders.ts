/** Lists what can be asked, and what is missing. */
import { ConfigurationError, TaskRef } from "@gentask/core"
import { accountName } from "@gentask/core/internal"
import type { ProviderAccount, ProviderSpec } from "@gentask/core"
import * as Effect from "effect/Effect"
import { accountsToShow, inspectAccount, keyVariableOf } from "../accounts.ts"
import type { Handler } from "../commands/lazily.ts"
import type { ProvidersInput } from "../commands/providers.ts"
import { loadConfiguration } from "../config.ts"
import type { Configuration } from "../config.ts"
import type { FoundProvider } from "../discovery/FoundProvider.ts"
import { exitStatus } from "../exit.ts"
import { painterFor } from "../output/paint.ts"
import { providerLines } from "../output/providerLines.ts"
import type { AccountDescription, DescribedProvider, ProviderDescription } from "../output/providerLines.ts"
import { jsonLine, oneLine } from "../output/sanitise.ts"

/** A base URL as it is compared and shown: without a slash at its end. */
const plainUrl = (text: string): string => (URL.canParse(text) ? new URL(text).href.replace(/\/$/, "") : text)

/** The hints of example refs, each as it is written there. */
const hintsIn = (examples: ReadonlyArray<string>): ReadonlyArray<string> => {
  const hints = examples.flatMap((example) => {
    try {
      return Object.entries(TaskRef.parse(example).params).map(([name, value]) => `${name}=${value}`)
    } catch {
      return []
    }
  })
  return [...new Set(hints)]
}

const describeAccount = (account: ProviderAccount, configuration: Configuration): AccountDescription => {
  const { spec } = account
  const inspected = inspectAccount(account)
  const isWrong = inspected instanceof ConfigurationError
  const endpoint = isWrong ? account.endpoint : inspected.endpoint
  return {
    account: accountName(account),
    endpoint: endpoint ?? null,
    baseUrl: isWrong ? null : plainUrl(inspected.baseUrl.href),
    key: { variable: keyVariableOf(account, configuration), found: account.apiKey !== undefined },
    docs: (endpoint === undefined ? undefined : spec.endpoints[endpoint]?.docs) ?? spec.docs,
    problem: isWrong ? oneLine(inspected.message) : null
  }
}

const describeProvider = (
  { id, version, source }: FoundProvider,
  spec?: ProviderSpec
): ProviderDescription => ({
  provider: id,
  title: spec?.title ?? null,
  version,
  source,
  endpoints: Object.fromEntries(
    Object.entries(spec?.endpoints ?? {}).map(([name, { baseUrl }]) => [name, plainUrl(baseUrl)])
  ),
  makes: spec?.mediaKinds ?? [],
  hints: hintsIn(spec?.examples ?? []),
  examples: spec?.examples ?? []
})

/** What is said of a provider that cannot be used, in the place of an account. */
const noAccount = (problem: string) => ({
  account: null,
  endpoint: null,
  baseUrl: null,
  key: null,
  docs: null,
  problem: oneLine(problem)
})

const describe = (found: FoundProvider, configuration: Configuration): Effect.Effect<DescribedProvider> =>
  Effect.match(found.load, {
    onSuccess: (spec) => ({
      provider: describeProvider(found, spec),
      accounts: accountsToShow(spec, configuration).map((account) => describeAccount(account, configuration)),
      problem: undefined
    }),
    onFailure: ({ message }) => ({ provider: describeProvider(found), accounts: [], problem: message })
  })

const printJson = ({ provider, accounts, problem }: DescribedProvider): void => {
  const objects = problem === undefined ? accounts : [noAccount(problem)]
  for (const each of objects) process.stdout.write(`${jsonLine({ ...provider, ...each })}\n`)
}

export const handle: Handler<ProvidersInput> = ({ json }) =>
  Effect.gen(function* () {
    const configuration = yield* loadConfiguration(process.env, process.cwd())
    const { catalog, absent } = configuration
    const described = yield* Effect.forEach(
      [...catalog.all, ...absent],
      (each) => describe(each, configuration),
      {
        concurrency: "unbounded"
      }
    )
    if (json) for (const each of described) printJson(each)
    else {
      const paint = painterFor(process.stdout)
      const blocks = described.map((each) => providerLines(each, paint).join("\n"))
      process.stdout.write(`${blocks.join("\n\n")}\n`)
    }
    return exitStatus.succeeded
  })
