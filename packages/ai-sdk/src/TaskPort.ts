/** What the models need of a client of gentask or of a tracker. */
import type { SubmitInput } from "@gentask/core"
import type { GentaskGenerationError } from "./GentaskGenerationError.ts"

/** How results are returned: as bytes, as the vendor's links, or only as files that gentask has saved. */
export type ResultMode = "bytes" | "url" | "saved"

/** A file of a task. It has bytes, a URL, or neither if it was only saved. */
export interface ResultFile {
  readonly ref: string
  readonly mediaType: string
  readonly data?: Uint8Array
  readonly url?: string
  /** Where the file was saved: a path, or an address at a target. Undefined for a temporary file. */
  readonly path?: string | undefined
  /** The public URL of a file at a target. */
  readonly publicUrl?: string
  readonly bytes?: number
  readonly sha256?: string
}

/** A task that has succeeded, with a function that fetches its files. */
export interface SucceededTask {
  readonly state: "succeeded"
  readonly files: (signal: AbortSignal | undefined) => Promise<ReadonlyArray<ResultFile>>
}

/** What is known about a task. The error of a failed one says why the vendor did not complete it. */
export type TaskState =
  | { readonly state: "pending" }
  | { readonly state: "failed"; readonly error: GentaskGenerationError }
  | SucceededTask

/** A submit that the vendor has accepted. */
export interface AcceptedSubmit {
  readonly refs: ReadonlyArray<string>
  readonly warnings: ReadonlyArray<string>
}

/** How to poll a task. */
export interface PollOptions {
  /** When the task was submitted. Undefined if that is not known. */
  readonly submittedAt?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Options of a submit. */
export interface SubmitOptions {
  readonly signal?: AbortSignal | undefined
  /** Where to send a webhook when the task has ended. */
  readonly webhookUrl?: string | undefined
}

/** What the models need of a client of gentask or of a tracker. */
export interface TaskPort {
  /** Whether submits can have a webhook. */
  readonly hasWebhooks: boolean
  /** Creates a task, at most once. */
  readonly submit: (request: SubmitInput, options: SubmitOptions) => Promise<AcceptedSubmit>
  /** Queries a task once. Transient errors are `pending`. */
  readonly poll: (ref: string, options: PollOptions) => Promise<TaskState>
  /** Waits until a task has ended. Transient errors do not end the wait. */
  readonly wait: (ref: string, signal: AbortSignal | undefined) => Promise<TaskState>
}
