/** Records the requests that create tasks. */
import type { IncomingHttpHeaders } from "node:http"
import type { SubmitFaultName } from "./SubmitFault.ts"
import type { Service } from "../vendors/vendorNames.ts"

/** A request to an endpoint that creates tasks. */
export interface ReceivedSubmit {
  /** The vendor that received it. */
  readonly service: Service
  /** The bearer token, or the id of the access key. Empty if absent. */
  readonly apiKey: string
  /** The path, percent-encoded and without the host prefix and the query. */
  readonly path: string
  /** The query without its question mark. */
  readonly search: string
  /** Headers by lowercase name. */
  readonly headers: IncomingHttpHeaders
  /** The exact body. Empty if it was not read. */
  readonly body: string
  /** The idempotency key, or null if the request has none or the vendor documents none. */
  readonly idempotencyKey: string | null
  /** The task that was made, or the existing one for a known idempotency key. Null without one. */
  readonly taskId: string | null
  /** Whether this request made the task. */
  readonly created: boolean
  /** The HTTP status that was sent or prepared. 0 if the connection was reset before any response. */
  readonly status: number
  /** The fault that was applied, or null. */
  readonly fault: SubmitFaultName | null
  /** The request id that a relay sent in `X-Oneapi-Request-Id`, or null. */
  readonly requestId: string | null
  /** When the request was received, in milliseconds since 1970. */
  readonly at: number
}

/** How many requests and tasks one account has. */
export interface SubmitCount {
  /** The vendor. */
  readonly service: Service
  /** The API key. */
  readonly apiKey: string
  /** Requests to endpoints that create tasks, including invalid ones. */
  readonly posts: number
  /** Tasks that these requests made. */
  readonly tasks: number
}

/** The requests that create tasks. */
export interface SubmitLog {
  /** Adds a request. */
  readonly add: (submit: ReceivedSubmit) => void
  /** All requests, oldest first. */
  readonly read: () => readonly ReceivedSubmit[]
  /** The counts of each account. */
  readonly counts: () => readonly SubmitCount[]
  /** Removes all requests. */
  readonly clear: () => void
}

/** Creates an empty log. */
export const makeSubmitLog = (): SubmitLog => {
  let submits: ReceivedSubmit[] = []
  return {
    add: (submit) => {
      submits.push(submit)
    },
    read: () => [...submits],
    counts: () => {
      const counts = new Map<string, SubmitCount>()
      for (const { service, apiKey, created } of submits) {
        const key = `${service} ${apiKey}`
        const { posts, tasks } = counts.get(key) ?? { posts: 0, tasks: 0 }
        counts.set(key, { service, apiKey, posts: posts + 1, tasks: tasks + Number(created) })
      }
      return [...counts.values()]
    },
    clear: () => {
      submits = []
    }
  }
}
