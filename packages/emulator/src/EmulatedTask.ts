/** The task that the emulator creates from a script. */
import type { IncomingHttpHeaders } from "node:http"
import type { TaskScript } from "./TaskScript.ts"
import type { Dialect, Service } from "./vendors/vendorNames.ts"

/** The fields that are null instead of absent. */
type NullableField = "mediaSize" | "reqKey" | "dialect"

/** The fields of a script that have a value in every task. */
type CompleteScript = {
  readonly [Field in keyof TaskScript as Field extends NullableField ? never : Field]-?: Exclude<
    TaskScript[Field],
    undefined
  >
}

/** The request that made a task. */
export interface TaskSubmit {
  /** The vendor that received it. */
  readonly service: Service
  /** The API key, or the id of the access key. */
  readonly apiKey: string
  /** The idempotency key, or null. */
  readonly idempotencyKey: string | null
  /** Headers by lowercase name. */
  readonly headers: IncomingHttpHeaders
  /** The body as JSON. */
  readonly body: unknown
  /** What the task cost, in the vendor's unit. */
  readonly cost: number
}

/** A task of the emulator: its script with all defaults applied. */
export interface EmulatedTask extends CompleteScript {
  /** Bytes of each result, or null for the unpadded samples. */
  readonly mediaSize: number | null
  /** Jimeng's service identifier, or null for other vendors. */
  readonly reqKey: string | null
  /** The variant of the wire format, or null for the form that the vendor's document shows. */
  readonly dialect: Dialect | null
  /** The request that made the task, or null for one that `addTask` added. */
  readonly submit: TaskSubmit | null
  /** When the task was added, in milliseconds since 1970. Its timeline starts here. */
  readonly addedAt: number
  /** How many queries the task has received, including those with scripted responses. */
  readonly polls: number
}
