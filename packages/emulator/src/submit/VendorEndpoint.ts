/** The interface of vendors' endpoints other than queries: submits, uploads and account data. */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { RateLimitRejection } from "../RateLimiter.ts"
import type { TaskEnd, TaskScript } from "../TaskScript.ts"
import type { Caller, EmulatorRequest, RequestHead } from "../vendors/VendorFormat.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { SubmitLog } from "./SubmitLog.ts"
import type { Service } from "../vendors/vendorNames.ts"
import type { SubmitScript } from "./SubmitScript.ts"
import type { UploadStore } from "./UploadStore.ts"

/** The errors of a service in its own form. */
export interface ServiceErrors {
  /** The response to an invalid API key. */
  readonly unauthorized: () => WireResponse
  /** The response to a submit above a rate limit. */
  readonly rateLimited: (rejection: RateLimitRejection) => WireResponse
  /** The response to a submit above the limit of active tasks. */
  readonly tooManyActive: () => WireResponse
  /** The response to a submit that the account cannot pay for. */
  readonly noCredit: () => WireResponse
  /** An error with this HTTP status. `retryAfter` is in seconds. */
  readonly error: (status: number, code?: number | string, retryAfter?: number) => WireResponse
}

/** What a callback's signature depends on. */
export interface CallbackMessage {
  /** The task. */
  readonly task: EmulatedTask
  /** The exact body. */
  readonly body: string
  /** The number of the callback's event, from 0. Attempts to send the same event have the same number. */
  readonly event: number
  /** When it is sent, in milliseconds since 1970. */
  readonly now: number
  /** The key of the script that signs it. Undefined for the vendor's own. */
  readonly key: string | undefined
  /** Whether the signature is to be wrong. */
  readonly forged: boolean
}

/** The events of a task that a callback can report. */
export type CallbackEvent = "created" | "started" | "ended"

/** A callback that a request requires. */
export interface RequestedCallback {
  /** Where the callback is sent. */
  readonly url: string
  /** The body, at `now` in milliseconds since 1970. */
  readonly body: (task: EmulatedTask, now: number) => unknown
  /** Which events are reported, in their order. @default ["ended"] */
  readonly events?: readonly CallbackEvent[]
  /** The headers that sign a callback. Absent if the vendor does not sign callbacks. */
  readonly sign?: (message: CallbackMessage) => Readonly<Record<string, string>>
  /** How often a callback is sent until it gets a 2xx. @default 1 */
  readonly attempts?: number
  /**
   * The first request to the address, whose response must prove that the receiver exists. Nothing else is sent if it
   * does not.
   */
  readonly challenge?: {
    /** The body. */
    readonly body: unknown
    /** Whether the text of a 2xx response passes. */
    readonly accepts: (response: string) => boolean
  }
}

/** A valid submit. */
export interface ParsedSubmit {
  /** The fields of the new task that the request determines. */
  readonly task: Pick<
    TaskScript,
    "id" | "kind" | "model" | "prompt" | "dialect" | "reqKey" | "media" | "inline" | "data"
  >
  /** The body of the request. */
  readonly body: unknown
  /** The deadline that the request sets, and how a task ends that is queued or running then. */
  readonly deadline?:
    | {
        /** Milliseconds from the request to the deadline. */
        readonly afterMs: number
        /** How a task ends that has not started. */
        readonly queued: "canceled" | "expired"
        /** How a task ends that is running. */
        readonly running: "canceled" | "expired"
      }
    | undefined
  /** The callback, if the request contains one. */
  readonly callback?: RequestedCallback | undefined
  /** The response that accepts the task. */
  readonly accepted: (task: EmulatedTask) => WireResponse
}

/** The parts of the emulator that an endpoint can read and change. */
export interface EndpointContext {
  /** When the request arrived, in milliseconds since 1970. */
  readonly now: number
  /** The sender of the request. */
  readonly caller: Caller
  /** The submit script of the service. */
  readonly script: SubmitScript
  /** The credit of the caller, and what it has spent. */
  readonly balance: { readonly granted: number; readonly used: number }
  /** The uploaded files. */
  readonly uploads: UploadStore
  /** The received submits. */
  readonly submits: SubmitLog
  /** Returns all tasks. */
  readonly tasks: () => readonly EmulatedTask[]
  /** Returns the vendor's task with this id, unless queries do not find it yet. */
  readonly task: (id: string) => EmulatedTask | undefined
  /** Ends a task now, and sends its callback. Returns whether it was queued or running. */
  readonly endTask: (task: EmulatedTask, end: Exclude<TaskEnd, "never">) => boolean
  /** Removes a task: later queries do not find it. */
  readonly removeTask: (task: EmulatedTask) => void
}

/** An endpoint that creates tasks. */
export interface SubmitEndpoint {
  /** What the endpoint is for. */
  readonly purpose: "submit"
  /** The largest body in bytes. */
  readonly maxBodySize: number
  /** The header with the idempotency key, in lower case. Absent if the vendor documents none. */
  readonly idempotencyHeader?: string
  /** Validates the request. Returns the vendor's error if it is invalid. */
  readonly parse: (
    request: EmulatorRequest,
    context: EndpointContext
  ) => ParsedSubmit | { readonly rejection: WireResponse }
}

/** An endpoint that creates no task. */
export interface PlainEndpoint {
  /** What the endpoint is for. */
  readonly purpose: "upload" | "account" | "cancel"
  /** The largest body in bytes. */
  readonly maxBodySize: number
  /** How the sender is authenticated. `key` is the API key; `self` leaves it to `respond`. */
  readonly access: "key" | "self"
  /** The task that the request names, or null. @default null */
  readonly taskId?: (request: EmulatorRequest) => string | null
  /** The response. */
  readonly respond: (request: EmulatorRequest, context: EndpointContext) => WireResponse
}

/** An endpoint that serves a result. */
export interface DownloadEndpoint {
  /** What the endpoint is for. */
  readonly purpose: "download"
  /** The largest body in bytes. */
  readonly maxBodySize: number
  /** Whether the request must have a valid API key. */
  readonly access: "key" | "none"
  /** Returns the task and the name of its file, which ends in `.{media format}`, or the vendor's error. */
  readonly resolve: (
    request: EmulatorRequest,
    context: EndpointContext
  ) => { readonly taskId: string; readonly file: string } | { readonly rejection: WireResponse }
}

/** An endpoint of a vendor other than its query. */
export type VendorEndpoint = SubmitEndpoint | PlainEndpoint | DownloadEndpoint

/** What selects an endpoint. */
export type EndpointRequest = Pick<EmulatorRequest, "method" | "path" | "search" | "host">

/** The endpoints of one service. */
export interface ServiceEndpoints {
  /** The service. */
  readonly service: Service
  /** Its errors. */
  readonly errors: ServiceErrors
  /** Checks the signature of a request. Returns undefined if it is not signed. Absent if the service has no signatures. */
  readonly authenticateSignature?: (request: EmulatorRequest, now: number) => Caller | undefined
  /** The API key of a request. Empty if absent. @default the bearer token */
  readonly readKey?: (request: RequestHead) => string
  /** The fields of an accepted response that name the task. @default ["id", "task_id", "taskId"] */
  readonly idFields?: readonly string[]
  /** Changes every response, for example to add headers. */
  readonly finish?: (response: WireResponse) => WireResponse
  /** Returns the endpoint of a request, if the service has it. */
  readonly find: (request: EndpointRequest) => VendorEndpoint | undefined
}

/** Bytes in a mebibyte. */
export const mebibyte = 1_048_576
