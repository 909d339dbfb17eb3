/** The options and the interface of an emulator. */
import type { EarlyRetry } from "./EarlyRetryDetector.ts"
import type { EmulatedTask } from "./EmulatedTask.ts"
import type { ChaosOptions } from "./faults/Chaos.ts"
import type { FaultStats } from "./faults/FaultStats.ts"
import type { HostName } from "./hosts.ts"
import type { RateLimitWindow } from "./RateLimiter.ts"
import type { QueryRate } from "./RateMeter.ts"
import type { LoggedRequest } from "./RequestLog.ts"
import type { SentCallback } from "./submit/CallbackSender.ts"
import type { ReceivedSubmit, SubmitCount } from "./submit/SubmitLog.ts"
import type { SubmitScript } from "./submit/SubmitScript.ts"
import type { UploadedFile } from "./submit/UploadStore.ts"
import type { TaskScript } from "./TaskScript.ts"
import type { Service, Vendor } from "./vendors/vendorNames.ts"

/** Options of `startEmulator`. */
export interface EmulatorOptions {
  /** The address to listen on. @default "127.0.0.1" */
  readonly host?: string
  /** The port to listen on. 0 selects a free port. @default 0 */
  readonly port?: number
  /** The API key that all vendors accept. @default "sk-emulator" */
  readonly apiKey?: string
  /** Additional API keys that all vendors accept. Rate limits apply to each key separately. @default [] */
  readonly moreApiKeys?: readonly string[]
  /**
   * The `ACCESS_KEY_ID|SECRET_ACCESS_KEY` for signed requests, which Jimeng's origin accepts.
   * @default "AKLTemulator|emulated-secret"
   */
  readonly accessKey?: string
  /** Rate limits by vendor. They apply to each API key, and errors have the vendor's form. @default unlimited */
  readonly limits?: Readonly<Partial<Record<Vendor, readonly RateLimitWindow[]>>>
  /** Milliseconds that links work for, unless a task has its own lifetime. @default the lifetime of each vendor's links */
  readonly linkLifetime?: number
  /** The number of requests that {@link Emulator.requests} keeps. Rates count all requests. @default 100_000 */
  readonly requestLogSize?: number
  /**
   * Injects faults into a share of all requests. Which requests and which faults depends on the seed, the vendor, the
   * task and how many requests for the task came before, but not on the order in which tasks are queried. Faults of a
   * task's script take precedence. @default only the faults of scripts
   */
  readonly chaos?: ChaosOptions
  /** What happens to submits, by vendor. {@link Emulator.scriptSubmits} changes it later. @default {} */
  readonly submits?: Readonly<Partial<Record<Service, SubmitScript>>>
}

/** A running emulator. */
export interface Emulator {
  /** The base URL of all vendors, such as `http://127.0.0.1:41234`, without a trailing slash. */
  readonly url: string
  /** The port of {@link url}. */
  readonly port: number
  /** A second origin of the same emulator, on a free port, for results that are not stored on the vendor's origin. */
  readonly otherUrl: string
  /** The API key that all vendors accept. */
  readonly apiKey: string
  /** The `ACCESS_KEY_ID|SECRET_ACCESS_KEY` for signed requests. */
  readonly accessKey: string
  /**
   * Adds a task. Its timeline starts now.
   * @throws {TaskScriptError} If the script is invalid, or if the vendor has a task with this id.
   */
  readonly addTask: (script: TaskScript) => EmulatedTask
  /** Returns a task, or undefined if it does not exist. */
  readonly task: (vendor: Vendor, id: string) => EmulatedTask | undefined
  /** Removes a task. Returns whether it existed. Links to its results continue to work. */
  readonly removeTask: (vendor: Vendor, id: string) => boolean
  /** Returns all tasks. */
  readonly tasks: () => readonly EmulatedTask[]
  /**
   * Changes what happens to the submits of a vendor: their faults, the script of their tasks, their limits, credit and
   * callbacks. Replaces only the given fields. New `faults` replace those that are left.
   * @throws {TaskScriptError} If a field is invalid.
   */
  readonly scriptSubmits: (service: Service, script: SubmitScript) => void
  /** All requests to endpoints that create tasks, oldest first, with the task that each made. */
  readonly posts: () => readonly ReceivedSubmit[]
  /** How many such requests, and how many tasks of them, each account has. */
  readonly submitCounts: () => readonly SubmitCount[]
  /** The uploaded files, oldest first. */
  readonly uploads: () => readonly UploadedFile[]
  /** The callbacks that were sent, oldest first. */
  readonly callbacks: () => readonly SentCallback[]
  /** The base URL of a host whose responses differ from those of others with the same paths, such as kie.ai. */
  readonly hostUrl: (host: HostName) => string
  /**
   * Closes all connections to {@link url} and refuses new ones. Resolves to a function that accepts connections again
   * on the same port. No task is made meanwhile.
   */
  readonly refuseConnections: () => Promise<() => Promise<void>>
  /** The last requests, oldest first. Each access creates a new array. Excludes requests to the control API. */
  readonly requests: readonly LoggedRequest[]
  /**
   * Removes the logged requests, submits and early retries, and resets rates and fault stats. Tasks, rate limits and
   * idempotency keys stay.
   */
  readonly clearRequests: () => void
  /** The query rates for each vendor and API key: totals, and exact peaks over sliding windows. */
  readonly rates: () => readonly QueryRate[]
  /** How many requests there were, and how many of them got a fault. */
  readonly faultStats: () => FaultStats
  /** The requests that a client sent before an earlier Retry-After allowed it. */
  readonly earlyRetries: () => readonly EarlyRetry[]
  /**
   * Resolves to the SHA-256 of a task's result in hex. `index` is the position in the task's media, 0 by default.
   * `revision` is that of a `changed` fault; 0, the default, is the original file. Rejects with a RangeError if the task
   * or the result does not exist.
   */
  readonly digest: (vendor: Vendor, id: string, index?: number, revision?: number) => Promise<string>
  /** Stops the emulator and closes open connections. Can be called repeatedly. */
  readonly close: () => Promise<void>
  /** The same as {@link close}, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}
