import type {
  Balance,
  CancelResult,
  SavedFile,
  Settled,
  SubmitInput,
  Submitted,
  TaskSnapshot
} from "@gentask/core"
import type { LedgerFile, LedgerTask, LedgerTaskDetails, ListOptions } from "@gentask/ledger"

/** Cancels a call. What has been received or saved so far is kept. */
export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `waitAll`. */
export interface WaitAllOptions extends CallOptions {
  /** Maximum time to wait, in milliseconds. */
  readonly timeout: number
  /** Called with each new snapshot. */
  readonly onUpdate: (snapshot: TaskSnapshot) => void
}

/** Options of `save`. */
export interface SaveCallOptions extends CallOptions {
  /** The absolute path of the folder. */
  readonly dir: string
  /** Saves outputs of all roles instead of the results. */
  readonly roles?: "all" | undefined
}

/** The operations on tasks. A client of `createGentask` has them. */
export interface TaskOperations {
  /** Queries a task once. */
  readonly query: (ref: string, options?: CallOptions) => Promise<TaskSnapshot>
  /** Waits for several tasks, and yields each result. */
  readonly waitAll: (refs: ReadonlyArray<string>, options: WaitAllOptions) => AsyncIterable<Settled>
  /** Saves the outputs of a task. */
  readonly save: (ref: string, options: SaveCallOptions) => Promise<ReadonlyArray<SavedFile>>
  /** Creates a task at most once. Is never aborted, since the vendor may have received it. */
  readonly submit: (request: SubmitInput) => Promise<Submitted>
  /** Cancels a task at its vendor. */
  readonly cancel: (ref: string, options?: CallOptions) => Promise<CancelResult>
  /** Queries the credit of an account. */
  readonly balance: (account: string, options?: CallOptions) => Promise<Balance>
}

/** A model that tasks can be submitted to. */
export interface McpModel {
  /** The account to submit with, such as `jimmy`. */
  readonly account: string
  /** The vendor's name of the model. */
  readonly model: string
  /** What it creates: `image`, `video` or `audio`. */
  readonly mediaKind: string
  /** The common inputs that it accepts. */
  readonly supportedInputs: ReadonlyArray<string>
  /** The vendor's documentation. */
  readonly docs: string
  /** The JSON Schema of the vendor's own input. Only if one model was requested. */
  readonly input?: unknown
}

/** A request that can be submitted. */
export interface PreparedSubmit {
  /** The request, as `submit` takes it. */
  readonly request: SubmitInput
  /** A sentence about the request, such as that the provider does not know the model. */
  readonly warning: string | undefined
  /** Whether an earlier submit had the same idempotency key, so that nothing new is paid. */
  readonly isRepeat: boolean
  /** Whether a limit counts submits. They are sent one after another then, each after the count of the one before. */
  readonly isLimited: boolean
  /** Sentences about exceeded limits. If there are any, only the user can confirm the submit. */
  readonly exceeded: ReadonlyArray<string>
}

/**
 * What carries out the tools. `clientBackend` creates one from a client and a ledger, and `gentask mcp` from the user's
 * configuration. Methods reject with the errors of `@gentask/core`. Other errors are reported by their message.
 */
export interface McpBackend {
  /** The operations on tasks. */
  readonly tasks: TaskOperations
  /** Lists models, or one of them with its input. Both names are optional. */
  readonly models: (
    account: string | undefined,
    model: string | undefined
  ) => Promise<ReadonlyArray<McpModel>>
  /** Validates a submit without sending it. */
  readonly prepare: (request: SubmitInput) => Promise<PreparedSubmit>
  /** Lists recorded tasks, the newest first. Queries no vendor. */
  readonly list: (options: ListOptions) => Promise<ReadonlyArray<LedgerTask>>
  /** Returns what is recorded about a task. */
  readonly show: (ref: string) => Promise<LedgerTaskDetails | undefined>
  /** Returns the saved files with a SHA-256 digest. */
  readonly findFiles: (sha256: string) => Promise<ReadonlyArray<LedgerFile>>
}
