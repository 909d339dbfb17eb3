/** Builds the services of a tracker. */
import { PollPolicy } from "@gentask/core"
import type { SubmitInput } from "@gentask/core"
import { Transport, UndiciTransport } from "@gentask/core/effect"
import { accountName, isExportRequested, parseDuration } from "@gentask/core/internal"
import { defaultLedgerPath } from "@gentask/ledger"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import { decodeInlineFiles } from "./api/InlineFile.ts"
import type { AccountOwner } from "./cluster/homeCluster.ts"
import { homeCluster } from "./cluster/homeCluster.ts"
import { acquireTrackerLock } from "./cluster/lockFile.ts"
import type { TrackerLock } from "./cluster/lockFile.ts"
import { workCluster } from "./cluster/workCluster.ts"
import { ownAccount } from "./owner/ownAccount.ts"
import type { OwnerOptions } from "./owner/OwnerOptions.ts"
import { TrackerAccounts, trackerAccountsLayer } from "./owner/TrackerAccounts.ts"
import { pruneTasks } from "./pruneTasks.ts"
import * as PostgresStore from "./store/PostgresStore.ts"
import * as SqliteStore from "./store/SqliteStore.ts"
import { TrackerStore } from "./store/TrackerStore.ts"
import { trackerLogger } from "./trackerLogger.ts"
import type { TrackerOptions } from "./TrackerOptions.ts"
import { webhookUrlOf } from "./vendorWebhooks.ts"

/** What owners and the HTTP API need of other folders. */
export interface TrackerParts {
  /** Creates what delivers the due webhooks of an account. */
  readonly makeDeliverDue: (
    options: TrackerOptions
  ) => Effect.Effect<OwnerOptions["deliverDue"], never, Scope | TrackerStore | Transport>
  /** Starts the HTTP API, and returns its URL. */
  readonly serve: (
    options: TrackerOptions
  ) => Effect.Effect<string, unknown, Scope | TrackerStore | TrackerAccounts | Transport>
}

/** A tracker that runs. */
export class RunningServer extends Context.Service<
  RunningServer,
  { readonly url: string; readonly accounts: ReadonlyArray<string> }
>()("@gentask/tracker/RunningServer") {}

type OwnerServices = TrackerStore | Transport

const ownersOf = (
  options: TrackerOptions,
  accounts: TrackerAccounts["Service"],
  deliverDue: OwnerOptions["deliverDue"]
): ReadonlyArray<AccountOwner<OwnerServices>> => {
  const { providers, dir, target, runner, pollPolicy = PollPolicy.learned() } = options
  const owner = runner === undefined ? `process ${process.pid}` : `${runner.host}:${runner.port}`
  return providers.map((provider) => ({
    account: accountName(provider),
    own: ownAccount(
      {
        provider,
        owner,
        place: target === undefined ? { dir } : { dir, target },
        pollPolicy,
        deliverDue,
        webhookUrl: webhookUrlOf(options, accountName(provider)),
        // The API has validated the request, and core does again.
        toSubmitInput: (request) => decodeInlineFiles(request) as SubmitInput
      },
      accounts.owned
    )
  }))
}

/** The accounts of this process, on one machine or in a cluster. */
const owners = (options: TrackerOptions, parts: TrackerParts) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const accounts = yield* TrackerAccounts
      const all = ownersOf(options, accounts, yield* parts.makeDeliverDue(options))
      const { runner, clusterTimings } = options
      return runner === undefined ? homeCluster(all) : workCluster(all, { runner, timings: clusterTimings })
    })
  )

const server = (options: TrackerOptions, parts: TrackerParts, lock: TrackerLock | undefined) =>
  Layer.effect(
    RunningServer,
    Effect.gen(function* () {
      const { names } = yield* TrackerAccounts
      const url = yield* parts.serve(options)
      const keepForMs = options.keepFor === undefined ? undefined : parseDuration(options.keepFor)
      if (keepForMs !== undefined) yield* Effect.forkScoped(pruneTasks(keepForMs))
      lock?.publish(url)
      return RunningServer.of({ url, accounts: names })
    })
  )

const shared = (options: TrackerOptions) =>
  trackerAccountsLayer(options.providers).pipe(
    Layer.provideMerge(UndiciTransport.layerFromEnvironment(options.proxyVariables ?? {}))
  )

/** Exports spans and metrics if the variables name a collector. */
const telemetry = ({ telemetryVariables: variables = {} }: TrackerOptions): Layer.Layer<never> =>
  isExportRequested(variables)
    ? Layer.unwrap(
        Effect.map(
          Effect.promise(() => import("@gentask/core/internal/telemetry")),
          ({ otlpLayer }) =>
            otlpLayer({
              variables,
              serviceName: "gentask-tracker",
              onInvalid: (message) => void Effect.runFork(Effect.logWarning(message))
            })
        )
      )
    : Layer.empty

/** Closes in the reverse order: first the API, then the owners, which hand their accounts over, then the database. */
const build = (options: TrackerOptions, parts: TrackerParts, lock: TrackerLock | undefined) =>
  server(options, parts, lock).pipe(
    Layer.provide(owners(options, parts)),
    Layer.provide(shared(options)),
    Layer.provide(telemetry(options)),
    Layer.provide(trackerLogger)
  )

/** Takes the exclusive use of a SQLite file until the scope is closed. */
const locked = (path: string) =>
  Effect.acquireRelease(
    Effect.try({ try: () => acquireTrackerLock(path), catch: (error) => error }),
    (lock) => Effect.sync(() => lock.release())
  )

/**
 * A tracker with its database. Building it starts the tracker. Fails with a `ConfigurationError`, `TrackerRunning`, a
 * `StoreError`, or what the HTTP server fails with.
 */
export const trackerLayer = (
  options: TrackerOptions,
  parts: TrackerParts
): Layer.Layer<RunningServer, unknown> => {
  const { database = { sqlite: defaultLedgerPath() } } = options
  if ("postgres" in database)
    return Layer.provide(build(options, parts, undefined), PostgresStore.layer({ url: database.postgres }))
  return Layer.unwrap(
    Effect.map(locked(database.sqlite), (lock) =>
      Layer.provide(build(options, parts, lock), SqliteStore.layer({ path: database.sqlite }))
    )
  )
}
