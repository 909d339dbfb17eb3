/** From the words of a command line to tasks that can be asked about. */
import { ConfigurationError, InvalidTaskRef, PollPolicy, TaskRef } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import type { DurationStore, ProviderSpec } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { accountOf, accountsOf, problemOf, withNamedEndpoints } from "./accounts.ts"
import { loadConfiguration } from "./config.ts"
import type { Configuration } from "./config.ts"
import { parseDuration } from "./duration.ts"
import { openHistory } from "./history.ts"
import type { Catalog } from "./discovery/Catalog.ts"
import { UnusableProvider } from "./discovery/FoundProvider.ts"
import { readRefs } from "./refList.ts"
import type { UsageError } from "./UsageError.ts"

/** A member of the list that a command is about. */
export interface Listed {
  /** The ref as core writes it, or the word as it was given where it is no ref. */
  readonly ref: string
  /** What keeps it from being asked about. */
  readonly problem: ConfigurationError | InvalidTaskRef | undefined
}

/** Everything that a command needs to ask. */
export interface Asking {
  readonly listed: ReadonlyArray<Listed>
  readonly configuration: Configuration
  readonly layer: Layer.Layer<Tasks, ConfigurationError>
}

/** How to ask. */
export interface AskingOptions {
  /** The shortest time between two polls of a task, in milliseconds. */
  readonly interval?: number | undefined
  /** Whether tasks are watched, and how long they took is remembered. @default false */
  readonly watches?: boolean | undefined
}

const unknownProvider = (ref: TaskRef.TaskRef, catalog: Catalog): ConfigurationError => {
  const text = TaskRef.format(ref)
  return new ConfigurationError({
    reason: { _tag: "UnknownProvider", provider: ref.provider, known: catalog.ids },
    message:
      `${text}: there is no provider ${JSON.stringify(ref.provider)}. ${catalog.advice} ` +
      `If this is the whole of a vendor's task id, put its provider before it: sora:${text}`
  })
}

const unusableProvider = (ref: TaskRef.TaskRef, { message }: UnusableProvider): ConfigurationError =>
  new ConfigurationError({
    reason: { _tag: "UnsupportedProvider", provider: ref.provider, problems: [] },
    message: `${TaskRef.format(ref)}: the provider ${ref.provider} cannot be used. ${message}`
  })

const readRef = (word: string): TaskRef.TaskRef | InvalidTaskRef => {
  try {
    return TaskRef.parse(word)
  } catch (error) {
    if (error instanceof InvalidTaskRef) return error
    throw error
  }
}

/** A provider, or why it cannot be used; undefined where there is none. */
type Loaded = ProviderSpec | UnusableProvider | undefined

const loadSpec = (id: string, catalog: Catalog): Effect.Effect<Loaded> =>
  Effect.match(catalog.find(id)?.load ?? Effect.succeed(undefined), {
    onSuccess: (spec): Loaded => spec,
    onFailure: (problem): Loaded => problem
  })

const loadSpecs = (
  refs: ReadonlyArray<TaskRef.TaskRef>,
  catalog: Catalog
): Effect.Effect<ReadonlyMap<string, Loaded>> =>
  Effect.map(
    Effect.forEach(
      new Set(refs.map((ref) => ref.provider)),
      (id) => Effect.map(loadSpec(id, catalog), (loaded) => [id, loaded] as const),
      { concurrency: "unbounded" }
    ),
    (entries) => new Map(entries)
  )

/** Reads the list and the configuration, and loads the providers that occur. */
export const prepare = (
  words: ReadonlyArray<string>,
  options: AskingOptions = {}
): Effect.Effect<Asking, UsageError> =>
  Effect.gen(function* () {
    const configuration = yield* loadConfiguration(process.env, process.cwd())
    const read = (yield* readRefs(words)).map((word) => ({ word, ref: readRef(word) }))
    const refs = read
      .map(({ ref }) => ref)
      .filter((ref): ref is TaskRef.TaskRef => !(ref instanceof InvalidTaskRef))
    const specs = yield* loadSpecs(refs, configuration.catalog)
    const accounts = withNamedEndpoints(
      Array.from(specs.values(), (spec) =>
        spec === undefined || spec instanceof UnusableProvider ? [] : accountsOf(spec, configuration)
      ).flat(),
      refs
    )
    const listed = read.map(({ word, ref }): Listed => {
      if (ref instanceof InvalidTaskRef) return { ref: word, problem: ref }
      const text = TaskRef.format(ref)
      const spec = specs.get(ref.provider)
      if (spec === undefined) return { ref: text, problem: unknownProvider(ref, configuration.catalog) }
      if (spec instanceof UnusableProvider) return { ref: text, problem: unusableProvider(ref, spec) }
      const account = accountOf(accounts, ref)
      return {
        ref: text,
        problem: account === undefined ? undefined : problemOf(text, account, configuration)
      }
    })
    const min = options.interval ?? parseDuration(configuration.interval ?? "")
    const layerWith = (store?: DurationStore.DurationStore): Layer.Layer<Tasks, ConfigurationError> =>
      Tasks.layer({ providers: accounts, pollPolicy: PollPolicy.learned({ min, store }) })
    const remembers = options.watches === true && configuration.history
    return {
      listed,
      configuration,
      layer: remembers ? Layer.unwrap(Effect.map(openHistory, layerWith)) : layerWith()
    }
  })

/** The refs of a list that can be asked about, each once. */
export const askable = (listed: ReadonlyArray<Listed>): ReadonlyArray<string> => [
  ...new Set(listed.filter(({ problem }) => problem === undefined).map(({ ref }) => ref))
]
