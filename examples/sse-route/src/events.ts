/** Server-Sent Events for the snapshots of a task and for the errors of a wait. */
import type { SSEMessage } from "hono/streaming"
import { ConfigurationError, isTerminal, ProviderError, StillRunning } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"

/** The id of the last event of a task. */
export const finalEventId = "end"

/**
 * Converts a snapshot to an event. When the browser reconnects, it sends the id of its last event as `Last-Event-ID`.
 * The id contains the state of the task, so the server needs no memory of its visitors.
 */
export const snapshotEvent = ({ ref, status, progress, outputs, failure }: TaskSnapshot): SSEMessage => {
  if (!isTerminal(status)) {
    return {
      event: "update",
      id: `${status} ${progress ?? ""}`,
      data: JSON.stringify({ ref, status, progress })
    }
  }
  // The vendor's links expire. A page that must work later needs saved files.
  const files = outputs.map(({ kind, role, url, expiresAt }) => ({ kind, role, url, expiresAt }))
  const reason = failure === null ? null : { reason: failure.reason, message: failure.message }
  return {
    event: "end",
    id: finalEventId,
    data: JSON.stringify({ ref, status, outputs: files, failure: reason })
  }
}

const problemEvent = (message: string): SSEMessage => ({
  event: "problem",
  id: finalEventId,
  data: JSON.stringify({ message })
})

/**
 * Converts the error of a wait to an event with a message that any visitor may read. The message of the error itself is
 * for the server's log: it contains no API key, but names of accounts and vendors.
 *
 * @returns Undefined if the browser should reconnect.
 */
export const errorEvent = (error: unknown): SSEMessage | undefined => {
  if (error instanceof StillRunning) {
    // Without an id, the browser keeps the id of the last snapshot and resumes from there.
    return { event: "still-running", data: JSON.stringify({ ref: error.ref }), retry: 1000 }
  }
  if (error instanceof ProviderError) {
    return error.reason._tag === "TaskNotFound"
      ? problemEvent("The task does not exist, or has been deleted.")
      : problemEvent("The task cannot be queried. It may be running or done.")
  }
  if (error instanceof ConfigurationError) return problemEvent("This server is not configured for this task.")
  return undefined
}
