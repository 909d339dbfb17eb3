/** Detects requests that a client sent before an earlier Retry-After allowed it. */
import type { Vendor } from "./vendors/vendorNames.ts"
import type { WireResponse } from "./WireResponse.ts"

/**
 * A request that a client sent before an earlier Retry-After allowed it. A request that is early for its account and
 * for its task is listed once for each.
 *
 * Requests that were in flight when the response was sent are included, with a `waitedMs` of a few milliseconds: the
 * emulator cannot know what its client had received.
 */
export interface EarlyRetry {
  /** The vendor of the request. */
  readonly vendor: Vendor
  /** The task of the request, or null if the request named none. */
  readonly taskId: string | null
  /** The bearer token of the request. Empty if it had none. */
  readonly apiKey: string
  /** Whether the request queried a task, downloaded a result or submitted a task. */
  readonly purpose: "query" | "media" | "submit"
  /** What the Retry-After applied to: after a rate limit all such requests with the key, else those about the task. */
  readonly scope: "account" | "task"
  /** The Retry-After in milliseconds. */
  readonly retryAfterMs: number
  /** Milliseconds between the response with the Retry-After and this request. */
  readonly waitedMs: number
  /** Milliseconds by which the request was too early. */
  readonly earlyMs: number
  /** When the request arrived, in milliseconds on the performance clock, as in the request log. */
  readonly at: number
}

/** A request and its response. */
export interface CompletedRequest extends Pick<
  EarlyRetry,
  "vendor" | "taskId" | "apiKey" | "purpose" | "at"
> {
  /** The response to the request. */
  readonly response: WireResponse
}

/** Detects early retries. */
export interface EarlyRetryDetector {
  /** Adds a request. `at` must not decrease. */
  readonly add: (request: CompletedRequest) => void
  /** The early retries so far. */
  readonly read: () => readonly EarlyRetry[]
  /** Removes the early retries so far. */
  readonly clear: () => void
}

interface RetryDelay {
  readonly scope: EarlyRetry["scope"]
  readonly startsAt: number
  readonly retryAfterMs: number
}

// Clients' timers have a resolution of one millisecond and can fire a fraction of it early.
const toleranceMs = 1

const endOf = ({ startsAt, retryAfterMs }: RetryDelay): number => startsAt + retryAfterMs

/** The Retry-After of a response in milliseconds, in any form. Undefined if it has none. */
const retryAfterMsOf = ({ headers, retryAfter }: WireResponse, at: number): number | undefined => {
  const header = headers["retry-after"]
  if (header === undefined) return retryAfter === undefined ? undefined : retryAfter * 1000
  if (/^\d+$/.test(header)) return Number(header) * 1000
  // Text that is not a date of HTTP requires nothing.
  if (!header.endsWith(" GMT")) return undefined
  const date = Date.parse(header)
  // A response has a Date header of its own only if the clock of its server is not right.
  const delay =
    date - (headers["date"] === undefined ? performance.timeOrigin + at : Date.parse(headers["date"]))
  return Number.isNaN(delay) ? undefined : delay
}

const keysOf = ({ vendor, taskId, apiKey, purpose }: CompletedRequest) => ({
  account: JSON.stringify([purpose, vendor, "account", apiKey]),
  task: JSON.stringify([purpose, vendor, "task", taskId])
})

/** Creates a detector. */
export const makeEarlyRetryDetector = (): EarlyRetryDetector => {
  const delays = new Map<string, RetryDelay>()
  let earlyRetries: EarlyRetry[] = []

  const check = (key: string, request: CompletedRequest): void => {
    const delay = delays.get(key)
    if (delay === undefined) return
    const earlyMs = endOf(delay) - request.at
    if (earlyMs <= toleranceMs) {
      delays.delete(key)
      return
    }
    const { vendor, taskId, apiKey, purpose, at } = request
    const { scope, retryAfterMs, startsAt } = delay
    const waitedMs = at - startsAt
    earlyRetries.push({ vendor, taskId, apiKey, purpose, scope, retryAfterMs, waitedMs, earlyMs, at })
  }

  const addRetryDelay = (request: CompletedRequest, retryAfterMs: number): void => {
    const { purpose, response, taskId, at } = request
    // Only rate limits have it in the body, with any HTTP status.
    const isRateLimit = response.status === 429 || response.retryAfter !== undefined
    // A submit names no task that a delay of another kind could apply to.
    if (purpose === "submit" && !isRateLimit) return
    const scope = purpose !== "media" && (isRateLimit || taskId === null) ? "account" : "task"
    const key = keysOf(request)[scope]
    const delay = { scope, startsAt: at, retryAfterMs } as const
    const existing = delays.get(key)
    if (existing === undefined || endOf(existing) < endOf(delay)) delays.set(key, delay)
  }

  return {
    add: (request) => {
      if (delays.size > 0) {
        const keys = keysOf(request)
        if (request.purpose !== "media") check(keys.account, request)
        if (request.taskId !== null) check(keys.task, request)
      }
      const retryAfterMs = retryAfterMsOf(request.response, request.at)
      if (retryAfterMs !== undefined && retryAfterMs > 0) addRetryDelay(request, retryAfterMs)
    },
    read: () => [...earlyRetries],
    clear: () => {
      earlyRetries = []
    }
  }
}
