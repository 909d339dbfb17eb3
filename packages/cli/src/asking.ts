/** From the words of a command line to tasks that can be asked about. */
import { ConfigurationError, InvalidTaskRef, PollPolicy, TaskRef, Tasks } from "@gentask/core"
import type { ProviderSpec } from "@gentask/core"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { accountOf, accountsOf, problemOf, withNamedEndpoints } from "./accounts.ts"
import { loadConfiguration } from "./config.ts"
import type { Configuration } from "./config.ts"
import { parseDuration } from "./duration.ts"
import { installed, providerIds } from "./installed.ts"
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
}

const unknownProvider = (ref: TaskRef.TaskRef): ConfigurationError => {
  const text = TaskRef.format(ref)
  return new ConfigurationError({
    problem: "UnknownProvider",
    message:
      `${text}: there is no provider ${JSON.stringify(ref.provider)}. The providers are ${providerIds.join(", ")}. ` +
      `If this is the whole of a vendor's task id, put its provider before it: sora:${text}`
  })
}

const readRef = (word: string): TaskRef.TaskRef | InvalidTaskRef => {
  try {
    return TaskRef.parse(word)
  } catch (error) {
    if (error instanceof InvalidTaskRef) return error
    throw error
  }
}

const loadSpecs = (refs: ReadonlyArray<TaskRef.TaskRef>): Effect.Effect<ReadonlyArray<ProviderSpec>> => {
  const ids = providerIds.filter((id) => refs.some((ref) => ref.provider === id))
  return Effect.promise(() =>
    Promise.all(ids.map(async (id) => (await installed[id]?.load())?.default))
  ).pipe(Effect.map((specs) => specs.filter((spec) => spec !== undefined)))
}

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
    const specs = yield* loadSpecs(refs)
    const accounts = withNamedEndpoints(
      specs.flatMap((spec) => accountsOf(spec, configuration)),
      refs
    )
    const listed = read.map(({ word, ref }): Listed => {
      if (ref instanceof InvalidTaskRef) return { ref: word, problem: ref }
      const text = TaskRef.format(ref)
      if (!Object.hasOwn(installed, ref.provider)) return { ref: text, problem: unknownProvider(ref) }
      const account = accountOf(accounts, ref)
      return {
        ref: text,
        problem: account === undefined ? undefined : problemOf(text, account, configuration)
      }
    })
    const interval = options.interval ?? parseDuration(configuration.interval ?? "")
    return {
      listed,
      configuration,
      layer: Tasks.layer({
        providers: accounts,
        pollPolicy: interval === undefined ? undefined : PollPolicy.growing({ min: interval })
      })
    }
  })

/** The refs of a list that can be asked about, each once. */
export const askable = (listed: ReadonlyArray<Listed>): ReadonlyArray<string> => [
  ...new Set(listed.filter(({ problem }) => problem === undefined).map(({ ref }) => ref))
]
