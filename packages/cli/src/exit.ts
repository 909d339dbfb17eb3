/** The exit statuses: the one place that knows them. */
import type {
  ClientClosed,
  ConfigurationError,
  InvalidTaskRef,
  ProviderError,
  SaveError,
  StillRunning,
  TaskFailed
} from "@gentask/core"
import type { UsageError } from "./UsageError.ts"

/** What the process tells whoever started it. */
export const exitStatus = {
  /** All succeeded; for `query`, all answered. */
  succeeded: 0,
  /** A task failed, was canceled or expired. */
  taskFailed: 1,
  /** Something is wrong with how gentask was called or set up. */
  usage: 2,
  /** Still running at the deadline. */
  stillRunning: 3,
  /** A key is missing or was refused. */
  refused: 4,
  /** The provider could not be asked. */
  unasked: 5,
  /** An output could not be saved. */
  unsaved: 6,
  /** A fault in gentask itself. */
  internal: 70,
  hungUp: 129,
  interrupted: 130,
  terminated: 143
} as const

/** Everything expected that can go wrong with one task. */
export type Trouble =
  | ClientClosed
  | ConfigurationError
  | InvalidTaskRef
  | ProviderError
  | SaveError
  | StillRunning
  | TaskFailed

const refusals: ReadonlySet<string> = new Set(["Unauthorized", "Forbidden", "InsufficientCredits"])

type Expected = Trouble | UsageError

const statuses: {
  readonly [Tag in Expected["_tag"]]: (error: Extract<Expected, { readonly _tag: Tag }>) => number
} = {
  ClientClosed: () => exitStatus.internal,
  TaskFailed: () => exitStatus.taskFailed,
  InvalidTaskRef: () => exitStatus.usage,
  UsageError: () => exitStatus.usage,
  ConfigurationError: ({ reason }) =>
    reason._tag === "MissingApiKey" || reason._tag === "InvalidApiKey"
      ? exitStatus.refused
      : exitStatus.usage,
  StillRunning: () => exitStatus.stillRunning,
  ProviderError: (error) => (refusals.has(error.reason._tag) ? exitStatus.refused : exitStatus.unasked),
  SaveError: () => exitStatus.unsaved
}

/** The exit status that an error stands for. */
export const statusOf = <Tag extends Expected["_tag"]>(
  error: Extract<Expected, { readonly _tag: Tag }>
): number => statuses[error._tag as Tag](error)

/** The exit status of a list: the highest number of its members wins. */
export const worse = (one: number, other: number): number => Math.max(one, other)
