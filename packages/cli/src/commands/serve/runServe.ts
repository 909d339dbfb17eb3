import { dirname, join, resolve } from "node:path"
import { ConfigurationError, isGentaskError } from "@gentask/core"
import type { ProviderAccount } from "@gentask/core"
import { accountName } from "@gentask/core/internal"
import { isLoopback } from "@gentask/core/internal/addresses"
import { defaultLedgerPath } from "@gentask/ledger"
import type { Tracker } from "@gentask/tracker"
import * as Effect from "effect/Effect"
import { accountsWithKeys } from "../../accounts/listAccounts.ts"
import { validateAccount } from "../../accounts/accountError.ts"
import { loadAccounts } from "../../accounts/loadAccounts.ts"
import { parseAccount } from "../../accounts/parseAccount.ts"
import { loadConfiguration } from "../../config/loadConfiguration.ts"
import type { Configuration } from "../../config/loadConfiguration.ts"
import { parseDurationOrSeconds } from "../../duration.ts"
import { errorMessage } from "../../output/sanitize.ts"
import { stopGracefully } from "../../process/signals.ts"
import { targetOf } from "../../targets/savePlaceOf.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"
import { findFreePort } from "./findFreePort.ts"
import type { Address } from "./parseAddress.ts"
import { readVariable, webhookSecretsOf } from "./vendorWebhooks.ts"

export interface ServeInput {
  readonly listen: Address | undefined
  /** Empty for all. */
  readonly accounts: ReadonlyArray<string>
  readonly dir: string | undefined
  readonly to: string | undefined
  readonly database: string | undefined
  readonly runner: Address | undefined
  readonly allowPrivateWebhooks: boolean
  readonly openaiVideos: boolean
  readonly publicUrl: string | undefined
  readonly keep: string | undefined
}

const defaultHost = "127.0.0.1"
const defaultPort = 4370

/** How long a graceful stop may take, in milliseconds. */
const maxStopMs = 30_000

const print = (line: string): void => void process.stderr.write(`${line}\n`)

/** Returns the accounts that the user has named. */
const namedAccounts = Effect.fnUntraced(function* (
  names: ReadonlyArray<string>,
  configuration: Configuration
): Effect.fn.Return<ReadonlyArray<ProviderAccount>, ConfigurationError | UsageError> {
  const targets = yield* Effect.forEach(new Set(names), parseAccount)
  const { require } = yield* loadAccounts(targets, configuration)
  return yield* Effect.forEach(targets, require)
})

/** Returns all accounts that can send requests. */
const usableAccounts = Effect.fnUntraced(function* (
  configuration: Configuration
): Effect.fn.Return<ReadonlyArray<ProviderAccount>, UsageError> {
  const accounts = (yield* accountsWithKeys(configuration)).filter(
    (account) => !(validateAccount(account) instanceof ConfigurationError)
  )
  if (accounts.length > 0) return accounts
  return yield* new UsageError({
    message:
      "No account has an API key, so there is nothing to track. Set one, such as JIMMY_API_KEY. See gentask providers."
  })
})

/** The database, and where files are saved. */
const storageOf = Effect.fnUntraced(function* ({ database, runner, dir, to }: ServeInput) {
  const url = database ?? readVariable("GENTASK_DATABASE_URL")
  if (url === undefined) {
    if (runner !== undefined)
      return yield* new UsageError({
        message:
          "--runner is for several machines, which need a database. Add --database, or set GENTASK_DATABASE_URL."
      })
    const path = defaultLedgerPath()
    return { database: { sqlite: path }, dir: resolve(dir ?? join(dirname(path), "files")) }
  }
  if (!/^postgres(?:ql)?:\/\//.test(url))
    return yield* new UsageError({
      message: "Invalid database: expected a URL that starts with postgres://."
    })
  if (database !== undefined && (URL.parse(url)?.password ?? "") !== "")
    return yield* new UsageError({
      message:
        "--database contains a password, which other users of this machine can read. Set GENTASK_DATABASE_URL instead."
    })
  if (dir === undefined && to === undefined)
    return yield* new UsageError({
      message:
        "--dir is missing. With a database, name a folder that all machines share, or a target with --to."
    })
  const unfinished = join(dirname(defaultLedgerPath()), "files")
  return { database: { postgres: url }, dir: resolve(dir ?? unfinished) }
})

/** The token, from the environment or from the state folder. A new one is printed, this once. */
const tokenOf = Effect.tryPromise({
  try: async () => {
    const given = readVariable("GENTASK_TOKEN")
    if (given !== undefined) return given
    const { ensureLocalToken } = await import("../../tracker/localToken.ts")
    const { token, isNew, path } = await ensureLocalToken()
    if (isNew) {
      print(`Created a token in ${path}. It is printed only now:`)
      process.stdout.write(`${token}\n`)
    }
    return token
  },
  catch: (error) =>
    new UsageError({ message: `Cannot read or create the token: ${errorMessage(error)}. Set GENTASK_TOKEN.` })
})

/** Returns the reason of a configuration error. The tracker is a bundle with a class of its own. */
const configurationReason = (error: unknown): ConfigurationError["reason"] | undefined =>
  isGentaskError(error) && error._tag === "ConfigurationError"
    ? (error as ConfigurationError).reason
    : undefined

const startError = (error: unknown): UsageError => {
  const reason = configurationReason(error)
  const isInvalidToken = reason?._tag === "InvalidOption" && reason.option === "tokens"
  if (isInvalidToken && readVariable("GENTASK_TOKEN") !== undefined)
    return new UsageError({
      message:
        "Invalid GENTASK_TOKEN: expected at least 16 letters, digits or punctuation marks of ASCII. Create one with: openssl rand -hex 32"
    })
  if (reason?._tag === "InvalidOption" && reason.option === "hookSecret")
    return new UsageError({ message: "Invalid GENTASK_HOOK_SECRET: expected at least 16 characters." })
  if (reason?._tag === "InvalidOption" && reason.option === "publicUrl")
    return new UsageError({
      message:
        "Invalid --public-url: expected the URL of this tracker without a query, such as https://tracker.example.com."
    })
  const message = `Cannot start the tracker: ${errorMessage(error).replace(/\.$/, "")}.`
  return new UsageError({
    message:
      reason?._tag === "DuplicateAccount"
        ? `${message} Or name the accounts to track with --account.`
        : message
  })
}

/** Runs a tracker until a signal stops it. */
export const runServe: Handler<ServeInput> = (input) =>
  Effect.gen(function* () {
    const configuration = yield* loadConfiguration(process.env, process.cwd())
    const providers = yield* input.accounts.length === 0
      ? usableAccounts(configuration)
      : namedAccounts(input.accounts, configuration)
    const { database, dir } = yield* storageOf(input)
    const target = input.to === undefined ? undefined : yield* targetOf(input.to, configuration)
    const token = yield* tokenOf
    const listen = input.listen ?? {
      host: defaultHost,
      port: yield* Effect.promise(() => findFreePort(defaultHost, defaultPort))
    }
    const start = Effect.tryPromise({
      try: async () => {
        // A bundle of its own: see trackerBundle.ts.
        const { startTracker } = await import("@gentask/tracker")
        return startTracker({
          providers,
          database,
          dir,
          target,
          listen,
          runner: input.runner,
          tokens: [{ token, scopes: ["read", "submit", "admin"] }],
          allowPrivateWebhooks: input.allowPrivateWebhooks,
          openaiVideos: input.openaiVideos,
          publicUrl: input.publicUrl,
          keepFor: input.keep === undefined ? undefined : parseDurationOrSeconds(input.keep),
          hookSecret: readVariable("GENTASK_HOOK_SECRET"),
          webhookSecrets: webhookSecretsOf(providers),
          proxyVariables: process.env,
          telemetryVariables: process.env
        })
      },
      catch: startError
    })
    const tracker = yield* Effect.acquireRelease(start, (started: Tracker) =>
      Effect.promise(() => started.close())
    )
    stopGracefully(maxStopMs)
    print(`Tracking ${providers.map(accountName).join(", ")}.`)
    print(`Outputs are saved in ${target?.url ?? dir}.`)
    if (input.runner !== undefined)
      print(`Other machines reach this one at ${input.runner.host}, port ${input.runner.port}.`)
    if (!isLoopback(listen.host))
      print(
        `Warning: other machines can reach the HTTP API at ${listen.host}, and it is not encrypted. Use a private network, or a reverse proxy with TLS.`
      )
    print(`The tracker is running at ${tracker.url} until Ctrl-C.`)
    return yield* Effect.never
  }).pipe(Effect.scoped)
