import type { SubmitInput } from "@gentask/core"
import type { AccountJson } from "../api/AccountJson.ts"
import type { EndpointJson, EndpointTestJson, EndpointWithSecretJson } from "../api/EndpointJson.ts"
import type { EventJson } from "../api/EventJson.ts"
import type {
  CancelJson,
  FileJson,
  SubmitJson,
  TaskJson,
  TaskPageJson,
  TrackedJson
} from "../api/TaskJson.ts"
import type { EventOptions } from "./readEvents.ts"

/** Cancels a request. */
export interface RequestOptions {
  /** Rejects the call with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `retry`. */
export interface RetryOptions extends RequestOptions {
  /** Identifies the submit. The same key with the same request returns the same task. @default a new UUID */
  readonly idempotencyKey?: string | undefined
}

/** Options of `submit`. */
export interface SubmitOptions extends RetryOptions {
  /**
   * Where the tracker sends `task.ended`, `task.saved` and `task.save-failed` of this submit: an https URL. Verify the
   * signatures with `webhookSecretOf(token)`. @default none
   */
  readonly webhookUrl?: string | undefined
}

/** Options of `get`. */
export interface GetOptions extends RequestOptions {
  /** For how many seconds to wait until the task is done. At most 60. @default 0 */
  readonly wait?: number | undefined
  /** What to wait for: until the task has ended, or until its outputs are saved as well. @default "saved" */
  readonly until?: "ended" | "saved" | undefined
}

/** Which tasks to list. */
export interface ListOptions extends RequestOptions {
  /** Only tasks of this account. */
  readonly account?: string | undefined
  /** Only tasks with one of these statuses. */
  readonly status?: ReadonlyArray<string> | undefined
  /** Only tasks with this text in the ref, the model or the prompt. */
  readonly search?: string | undefined
  /** Only tasks added since then. */
  readonly since?: Date | undefined
  /** How many tasks a page has: 1 to 500. @default 50 */
  readonly limit?: number | undefined
  /** The cursor of the previous page. */
  readonly cursor?: string | undefined
}

/** Manages where events are sent. */
export interface EndpointsClient {
  /** Returns all endpoints. */
  readonly list: (options?: RequestOptions) => Promise<ReadonlyArray<EndpointJson>>
  /** Returns an endpoint. */
  readonly get: (id: string, options?: RequestOptions) => Promise<EndpointJson>
  /** Creates an endpoint. The secret of its signatures is shown only here and by `rotate`. */
  readonly create: (
    endpoint: { readonly url: string; readonly events?: ReadonlyArray<EventJson["type"]> },
    options?: RequestOptions
  ) => Promise<EndpointWithSecretJson>
  /** Changes the URL or the events of an endpoint, or disables it. */
  readonly update: (
    id: string,
    changes: Partial<Pick<EndpointJson, "url" | "events" | "isEnabled">>,
    options?: RequestOptions
  ) => Promise<EndpointJson>
  /** Creates a new secret. The previous one is valid until the next rotation. */
  readonly rotate: (id: string, options?: RequestOptions) => Promise<EndpointWithSecretJson>
  /** Sends a test event. */
  readonly test: (id: string, options?: RequestOptions) => Promise<EndpointTestJson>
  /** Sends dead deliveries again. */
  readonly replay: (id: string, options?: RequestOptions) => Promise<{ readonly replayed: number }>
  /** Deletes an endpoint. Its deliveries end. */
  readonly remove: (id: string, options?: RequestOptions) => Promise<void>
}

/** A client of a tracker. All methods reject with `TrackerError`. */
export interface TrackerClient {
  /**
   * Creates a task, and waits until the vendor has accepted it. Requests are repeated after a lost connection, which
   * creates no second task.
   *
   * @param request The same as that of `submit` of `createGentask`. Files are sent to the tracker.
   */
  readonly submit: (request: SubmitInput, options?: SubmitOptions) => Promise<SubmitJson>
  /** Submits the recorded request of a task again, which creates another task. */
  readonly retry: (ref: string, options?: RetryOptions) => Promise<SubmitJson>
  /** Tracks tasks that exist at their vendors. */
  readonly track: (refs: Iterable<string>, options?: RequestOptions) => Promise<TrackedJson>
  /** Returns a task. */
  readonly get: (ref: string, options?: GetOptions) => Promise<TaskJson>
  /** Returns a page of tasks. */
  readonly list: (options?: ListOptions) => Promise<TaskPageJson>
  /** Returns the events of a task, the oldest first. */
  readonly taskEvents: (ref: string, options?: RequestOptions) => Promise<ReadonlyArray<EventJson>>
  /** Cancels a task at its vendor. */
  readonly cancel: (ref: string, options?: RequestOptions) => Promise<CancelJson>
  /** Deletes a task and its events. Saved files stay. */
  readonly forget: (ref: string, options?: RequestOptions) => Promise<void>
  /** Iterates over events until the signal is aborted. Resumes after a lost connection. */
  readonly events: (options?: EventOptions) => AsyncIterable<EventJson>
  /** Opens a saved file as a stream. */
  readonly openFile: (file: FileJson, options?: RequestOptions) => Promise<ReadableStream<Uint8Array>>
  /** Downloads a saved file, and verifies its digest. */
  readonly download: (file: FileJson, path: string, options?: RequestOptions) => Promise<void>
  /** Returns the accounts with their owners and budgets. */
  readonly accounts: (options?: RequestOptions) => Promise<ReadonlyArray<AccountJson>>
  /** Manages where events are sent. */
  readonly endpoints: EndpointsClient
}
