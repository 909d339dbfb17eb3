/** Lists what can be asked, and what is missing. */
import { ConfigurationError, displayName } from "@gentask/core"
import type { ProviderAccount } from "@gentask/core"
import * as Effect from "effect/Effect"
import { accountsToShow, inspectAccount, keyVariableOf } from "../accounts.ts"
import type { Handler } from "../commands/lazily.ts"
import type { ProvidersInput } from "../commands/providers.ts"
import { loadConfiguration } from "../config.ts"
import type { Configuration } from "../config.ts"
import { exitStatus } from "../exit.ts"
import { installed } from "../installed.ts"
import type { InstalledProvider } from "../installed.ts"
import { painterFor } from "../output/paint.ts"
import type { Paint } from "../output/paint.ts"
import { jsonLine, oneLine } from "../output/sanitise.ts"
import { formatTable } from "../output/table.ts"

const describe = (account: ProviderAccount, provider: InstalledProvider, configuration: Configuration) => {
  const { spec } = account
  const inspected = inspectAccount(account)
  const isWrong = inspected instanceof ConfigurationError
  const endpoint = isWrong ? account.endpoint : inspected.endpoint
  return {
    provider: spec.id,
    title: spec.title,
    account: displayName(account),
    endpoint: endpoint ?? null,
    baseUrl: isWrong ? null : inspected.baseUrl.href.replace(/\/$/, ""),
    key: { variable: keyVariableOf(account, configuration), found: account.apiKey !== undefined },
    makes: provider.makes,
    hints: provider.hints,
    docs: (endpoint === undefined ? undefined : spec.endpoints[endpoint]?.docs) ?? spec.docs,
    problem: isWrong ? oneLine(inspected.message) : null
  }
}

type Description = ReturnType<typeof describe>

const cells = (each: Description, paint: Paint): ReadonlyArray<string> => [
  oneLine(each.account),
  each.title,
  oneLine(each.baseUrl ?? "?"),
  each.key.found
    ? paint("green", `${each.key.variable} found`)
    : paint("yellow", `${each.key.variable} missing`),
  [each.makes.join(", "), ...each.hints.map((hint) => `?${hint}`)].join(" "),
  each.docs
]

const print = (accounts: ReadonlyArray<Description>, paint: Paint): void => {
  const head = ["ACCOUNT", "TITLE", "BASE URL", "KEY", "MAKES", "DOCUMENTATION"].map((word) =>
    paint("bold", word)
  )
  for (const line of formatTable([head, ...accounts.map((each) => cells(each, paint))]))
    process.stdout.write(`${line}\n`)
  for (const { problem } of accounts) if (problem !== null) process.stderr.write(`${problem}\n`)
}

export const handle: Handler<ProvidersInput> = ({ json }) =>
  Effect.gen(function* () {
    const configuration = yield* loadConfiguration(process.env, process.cwd())
    const loaded = yield* Effect.promise(() =>
      Promise.all(
        Object.values(installed).map(async (provider) => ({
          provider,
          spec: (await provider.load()).default
        }))
      )
    )
    const accounts = loaded.flatMap(({ provider, spec }) =>
      accountsToShow(spec, configuration).map((account) => describe(account, provider, configuration))
    )
    if (json) for (const account of accounts) process.stdout.write(`${jsonLine(account)}\n`)
    else print(accounts, painterFor(process.stdout))
    return exitStatus.succeeded
  })
