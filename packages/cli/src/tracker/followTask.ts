import { isTerminal, ProviderError, TaskRef } from "@gentask/core"
import type { PollFailure, TaskSnapshot, TerminalSnapshot } from "@gentask/core"
import { decodeSnapshot } from "@gentask/core/schema"
import type { TaskJson } from "@gentask/tracker/client"
import * as Effect from "effect/Effect"
import type { RemoteQueryError } from "./queryErrors.ts"

/** How to follow a task. */
export interface FollowOptions {
  /** Requests the task. The tracker responds when the task has ended, or after this time in seconds. */
  readonly load: (wait: number) => Effect.Effect<TaskJson, RemoteQueryError>
  /** Whether the tracker may hold a request until the task ends. With many tasks, it would hold too many. */
  readonly holds: boolean
  readonly onSnapshot: (snapshot: TaskSnapshot) => void
  readonly onPollError: (failure: PollFailure) => void
}

/** How often changes are looked for, in milliseconds. */
const intervalMs = 2000

/** A tracker that stops does not hold requests. */
const minIntervalMs = 200
const maxDelayMs = 10_000

const hasEnded = (snapshot: TaskSnapshot): snapshot is TerminalSnapshot => isTerminal(snapshot.status)

const isTransient = (error: RemoteQueryError): error is ProviderError =>
  error._tag === "ProviderError" && error.isRetryable

/** A tracker records the error of a poll when this number of polls has failed. */
const recordedFailures = 3

/** Describes the polls of the tracker that fail. It reports the message of the error only. */
const trackerFailure = (ref: string, message: string): PollFailure => {
  const { provider, account = provider } = TaskRef.parse(ref)
  const error = new ProviderError({ provider, account, ref, reason: { _tag: "Unavailable" } })
  error.message = message.startsWith(`${ref}: `) ? message : `${ref}: ${message}`
  return { ref, error, failures: recordedFailures, nextInMs: intervalMs }
}

/** Follows a task until it has ended. A tracker that is down for a while does not end it. */
export const followTask = Effect.fnUntraced(function* (
  ref: string,
  { load, holds, onSnapshot, onPollError }: FollowOptions
): Effect.fn.Return<TerminalSnapshot, RemoteQueryError> {
  let last = ""
  let failures = 0
  let wait = 0
  let lastReported: string | null = null
  for (;;) {
    const result = yield* Effect.result(load(wait))
    wait = holds ? intervalMs / 1000 : 0
    if (result._tag === "Failure") {
      const error = result.failure
      if (!isTransient(error)) return yield* Effect.fail(error)
      failures += 1
      const nextInMs = Math.min(maxDelayMs, 125 * 2 ** failures)
      onPollError({ ref, error, failures, nextInMs })
      yield* Effect.sleep(nextInMs)
      continue
    }
    failures = 0
    const { snapshot: json, lastError } = result.success
    if (lastError !== lastReported) {
      lastReported = lastError
      if (lastError !== null) onPollError(trackerFailure(ref, lastError))
    }
    const text = JSON.stringify(json)
    if (json !== null && text !== last) {
      last = text
      const snapshot = decodeSnapshot(json)
      onSnapshot(snapshot)
      if (hasEnded(snapshot)) return snapshot
    }
    yield* Effect.sleep(holds ? minIntervalMs : intervalMs)
  }
})
