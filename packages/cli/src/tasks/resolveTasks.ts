import { InvalidTaskRef, TaskRef } from "@gentask/core"
import type { ConfigurationError } from "@gentask/core"
import * as Effect from "effect/Effect"
import { loadAccounts } from "../accounts/loadAccounts.ts"
import { loadConfiguration } from "../config/loadConfiguration.ts"
import type { Configuration } from "../config/loadConfiguration.ts"
import type { UsageError } from "../UsageError.ts"
import { findTracker } from "../tracker/findTracker.ts"
import type { TrackerChoice } from "../tracker/findTracker.ts"
import { trackerLayer } from "../tracker/trackerLayer.ts"
import { readRefs } from "./readRefs.ts"
import { tasksLayer } from "./tasksLayer.ts"
import type { Recording, TasksLayer } from "./tasksLayer.ts"
import { transportLayer } from "./transportLayer.ts"

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
  readonly layer: TasksLayer
}

/** Options of `resolveTasks`. */
export interface ResolveOptions extends TrackerChoice {
  /** Minimum time between two polls of a task, as given to `--interval`. */
  readonly interval?: string | undefined
  /** What the command records. @default "tasks" */
  readonly records?: Recording | undefined
  /** Whether the user switched recording off. @default false */
  readonly noLedger?: boolean | undefined
}

const parseRef = (text: string): TaskRef.TaskRef | InvalidTaskRef => {
  try {
    return TaskRef.parse(text)
  } catch (error) {
    if (error instanceof InvalidTaskRef) return error
    throw error
  }
}

/** Reads the refs and the configuration, and loads the providers of the refs. */
export const resolveTasks = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  options: ResolveOptions = {}
): Effect.fn.Return<ResolvedTasks, UsageError> {
  const configuration = yield* loadConfiguration(process.env, process.cwd())
  const inputs = (yield* readRefs(args)).map((text) => ({ text, ref: parseRef(text) }))
  const tracker = yield* findTracker({
    ...options,
    usesLocal: options.usesLocal === true && options.noLedger !== true
  })
  if (tracker !== undefined) {
    return {
      entries: inputs.map(({ text, ref }) =>
        ref instanceof InvalidTaskRef
          ? { ref: text, error: ref }
          : { ref: TaskRef.format(ref), error: undefined }
      ),
      configuration,
      layer: trackerLayer(tracker, yield* transportLayer)
    }
  }
  const refs = inputs
    .map(({ ref }) => ref)
    .filter((ref): ref is TaskRef.TaskRef => !(ref instanceof InvalidTaskRef))
  const { accounts, errorOf } = yield* loadAccounts(refs, configuration)
  return {
    entries: inputs.map(({ text, ref }) => {
      if (ref instanceof InvalidTaskRef) return { ref: text, error: ref }
      const canonical = TaskRef.format(ref)
      // The client reports an unknown account itself.
      return { ref: canonical, error: errorOf({ ...ref, ref: canonical }) }
    }),
    configuration,
    layer: tasksLayer({
      accounts,
      configuration,
      transport: yield* transportLayer,
      interval: options.interval,
      ledger: options.noLedger === true ? "none" : (options.records ?? "tasks")
    })
  }
})
