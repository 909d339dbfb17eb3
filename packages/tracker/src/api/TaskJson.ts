/** Tasks and submits as JSON, in responses of the HTTP API. */
import type { SnapshotJson } from "@gentask/core"
import type { ErrorJson } from "@gentask/core/schema"

/** A saved file. */
export interface FileJson {
  /** Where the tracker serves the file, such as `/v1/tasks/jimmy%3A1/outputs/0`. */
  readonly url: string
  /** The file's name, without folders. */
  readonly name: string
  /** The path on the tracker's machine. */
  readonly path: string
  /** The kind of media, such as `video`. */
  readonly kind: string
  /** What the file is to the task, such as `result`. */
  readonly role: string
  /** The media type, such as `image/png`. */
  readonly mediaType: string
  /** The size in bytes. */
  readonly bytes: number
  /** The SHA-256 digest in hexadecimal. */
  readonly sha256: string
  /** Where everyone can load the file. Null without a target that has a public URL. */
  readonly publicUrl: string | null
}

/** A task. */
export interface TaskJson {
  /** The task ref. */
  readonly ref: string
  /** The account, as in a task ref. */
  readonly account: string
  /** The status. `unknown` until the vendor has reported one. */
  readonly status: string
  /** When the task was added, in ISO 8601. */
  readonly addedAt: string
  /** When the task last changed. */
  readonly updatedAt: string
  /** When the task ended. */
  readonly endedAt: string | null
  /** The model. */
  readonly model: string | null
  /** The prompt. */
  readonly prompt: string | null
  /** What the vendor last reported. Inline media is left out: see `files`. */
  readonly snapshot: SnapshotJson | null
  /** The saved files. */
  readonly files: ReadonlyArray<FileJson>
  /** Whether the outputs have been saved. */
  readonly saveState: "none" | "due" | "saved" | "failed"
  /** Why polls fail, or why the last attempt to save failed. Null if they do not. The tracker tries again. */
  readonly lastError: string | null
}

/** A page of tasks. */
export interface TaskPageJson {
  /** The tasks, the newest first. */
  readonly tasks: ReadonlyArray<TaskJson>
  /** The value of `cursor` for the next page. Null for the last page. */
  readonly cursor: string | null
}

/** A submit. */
export interface SubmitJson {
  /** The id of the submit. */
  readonly id: string
  /** The account, as in a task ref. */
  readonly account: string
  /** The idempotency key. */
  readonly idempotencyKey: string
  /** `invalid`: nothing was sent. */
  readonly state: "queued" | "accepted" | "rejected" | "unknown" | "invalid"
  /** The refs of the tasks. Empty unless the submit was accepted. */
  readonly refs: ReadonlyArray<string>
  /** Whether the tracker already had a submit with this idempotency key. False in `GET /v1/submits/{id}`. */
  readonly isReplay: boolean
  /** Why the submit was rejected or is invalid, or why its outcome is unknown. Null for an accepted or queued submit. */
  readonly error: ErrorJson | null
}

/** The result of tracking tasks that exist at their vendors. */
export interface TrackedJson {
  /** The refs that were added. */
  readonly added: ReadonlyArray<string>
  /** The refs that the tracker had already. */
  readonly known: ReadonlyArray<string>
  /** The refs that are invalid, or whose account is not configured. */
  readonly rejected: ReadonlyArray<{ readonly ref: string; readonly error: ErrorJson }>
}

/** The result of a cancel. */
export interface CancelJson {
  /** The task ref. */
  readonly ref: string
  /** `requested`: the task's status says when it has been canceled. `too-late`: it can no longer be canceled. */
  readonly result: "canceled" | "requested" | "too-late"
  /** What the vendor said about it. */
  readonly message: string | null
}
