import { ConfigurationError, InvalidTaskRef, PollPolicy, TaskRef } from "@gentask/core"
import type { DurationStore, ProviderAccount, ProviderSpec } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { findAccount, unknownProvider } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { accountError } from "../accounts/accountError.ts"
import { configuredAccounts, withEndpointAccounts } from "../accounts/configuredAccounts.ts"
import { loadConfiguration } from "../config/loadConfiguration.ts"
import type { Configuration } from "../config/loadConfiguration.ts"
import { UnusableProvider } from "../discovery/DiscoveredProvider.ts"
import type { ProviderCatalog } from "../discovery/ProviderCatalog.ts"
import { parseDurationOrSeconds } from "../duration.ts"
import type { UsageError } from "../UsageError.ts"
import { openDurationHistory } from "./durationHistory.ts"
import { readRefs } from "./readRefs.ts"

/** A ref of the list that a command works on. */
export interface RefEntry {
  /** The normalized ref, or the text as given if it is not a valid ref. */
  readonly ref: string
  /** Why the task cannot be queried. */
  readonly error: ConfigurationError | InvalidTaskRef | undefined
}

/** The tasks of a command, and the layer that can query them. */
export interface ResolvedTasks {
  readonly entries: ReadonlyArray<RefEntry>
  readonly configuration: Configuration
  readonly layer: Layer.Layer<Tasks, ConfigurationError>
}

/** Options of `resolveTasks`. */
export interface ResolveOptions {
  /** Minimum time between two polls of a task, as given to `--interval`. */
  readonly interval?: string | undefined
  /** Whether to store how long the tasks took. @default false */
  readonly recordsDurations?: boolean | undefined
}

/** A loaded provider, or why it cannot be used. Undefined if it does not exist. */
type LoadedProvider = ProviderSpec | UnusableProvider | undefined

const parseRef = (text: string): TaskRef.TaskRef | InvalidTaskRef => {
  try {
    return TaskRef.parse(text)
  } catch (error) {
    if (error instanceof InvalidTaskRef) return error
    throw error
  }
}

const loadProvider = (id: string, catalog: ProviderCatalog): Effect.Effect<LoadedProvider> =>
  Effect.match(catalog.find(id)?.load ?? Effect.succeed(undefined), {
    onSuccess: (spec): LoadedProvider => spec,
    onFailure: (error): LoadedProvider => error
  })

const loadProviders = (
  refs: ReadonlyArray<TaskRef.TaskRef>,
  catalog: ProviderCatalog
): Effect.Effect<ReadonlyMap<string, LoadedProvider>> =>
  Effect.map(
    Effect.forEach(
      new Set(refs.map((ref) => ref.provider)),
      (id) => Effect.map(loadProvider(id, catalog), (provider) => [id, provider] as const),
      { concurrency: "unbounded" }
    ),
    (entries) => new Map(entries)
  )

const tasksLayer = (
  accounts: ReadonlyArray<ProviderAccount>,
  { interval, recordsDurations = false }: ResolveOptions,
  configuration: Configuration
): Layer.Layer<Tasks, ConfigurationError> => {
  const min = parseDurationOrSeconds(interval ?? configuration.interval ?? "")
  const layerWith = (store?: DurationStore.DurationStore): Layer.Layer<Tasks, ConfigurationError> =>
    Tasks.layer({ providers: accounts, pollPolicy: PollPolicy.learned({ min, store }) })
  return recordsDurations && configuration.history
    ? Layer.unwrap(Effect.map(openDurationHistory, layerWith))
    : layerWith()
}

/** Reads the refs and the configuration, and loads the providers of the refs. */
export const resolveTasks = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  options: ResolveOptions = {}
): Effect.fn.Return<ResolvedTasks, UsageError> {
  const configuration = yield* loadConfiguration(process.env, process.cwd())
  const { catalog } = configuration
  const inputs = (yield* readRefs(args)).map((text) => ({ text, ref: parseRef(text) }))
  const refs = inputs
    .map(({ ref }) => ref)
    .filter((ref): ref is TaskRef.TaskRef => !(ref instanceof InvalidTaskRef))
  const providers = yield* loadProviders(refs, catalog)
  const specs = [...providers.values()].filter(
    (provider): provider is ProviderSpec => provider !== undefined && !(provider instanceof UnusableProvider)
  )
  const accounts = withEndpointAccounts(
    specs.flatMap((spec) => configuredAccounts(spec, configuration)),
    refs
  )

  const errorOf = (ref: TaskRef.TaskRef): ConfigurationError | undefined => {
    const text = TaskRef.format(ref)
    const provider = providers.get(ref.provider)
    if (provider === undefined) {
      const { reason, message } = unknownProvider(text, ref.provider, catalog.ids)
      return new ConfigurationError({ reason, message: `${message} ${catalog.advice}` })
    }
    if (provider instanceof UnusableProvider) {
      return new ConfigurationError({
        reason: { _tag: "UnsupportedProvider", provider: ref.provider, problems: [] },
        message: `${text}: cannot use the provider ${ref.provider}. ${provider.message}`
      })
    }
    // The client reports an unknown account itself.
    const account = findAccount(accounts, ref)
    return account === undefined ? undefined : accountError(text, account, configuration)
  }

  return {
    entries: inputs.map(({ text, ref }) =>
      ref instanceof InvalidTaskRef
        ? { ref: text, error: ref }
        : { ref: TaskRef.format(ref), error: errorOf(ref) }
    ),
    configuration,
    layer: tasksLayer(accounts, options, configuration)
  }
})
