/** What a browser is told about a task, as Server-Sent Events. */
import type { SSEMessage } from "hono/streaming"
import { ConfigurationError, isTerminal, ProviderError, StillRunning } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"

/** The id of an event after which nothing more comes. */
export const lastId = "end"

/**
 * A snapshot as an event. Its id is what the browser sends back as Last-Event-ID when it comes again: it says where the
 * task stood, so that no server needs to remember anything.
 */
export const told = ({ ref, status, progress, outputs, failure }: TaskSnapshot): SSEMessage => {
  if (!isTerminal(status)) {
    return {
      event: "update",
      id: `${status} ${progress ?? ""}`,
      data: JSON.stringify({ ref, status, progress })
    }
  }
  // These links are the vendor's, and die: a page that is to last needs files that you have saved.
  const files = outputs.map(({ kind, role, url, expiresAt }) => ({ kind, role, url, expiresAt }))
  const why = failure === null ? null : { reason: failure.reason, message: failure.message }
  return { event: "end", id: lastId, data: JSON.stringify({ ref, status, outputs: files, failure: why }) }
}

const trouble = (message: string): SSEMessage => ({
  event: "trouble",
  id: lastId,
  data: JSON.stringify({ message })
})

/**
 * Why a wait ended without the task's end, in words that any visitor may read; undefined where the browser had better
 * ask again. The error's own message is for the server's log: it holds no key, but it tells of accounts and vendors.
 */
export const excuse = (error: unknown): SSEMessage | undefined => {
  if (error instanceof StillRunning) {
    // No id: the browser comes again with the one it has, and goes on from there.
    return { event: "still-running", data: JSON.stringify({ ref: error.ref }), retry: 1000 }
  }
  if (error instanceof ProviderError) {
    return error.reason._tag === "TaskNotFound"
      ? trouble("There is no such task, or it is no longer kept.")
      : trouble("The task cannot be asked about. It may well be running or done.")
  }
  if (error instanceof ConfigurationError) return trouble("This server is not set up for this task.")
  return undefined
}
