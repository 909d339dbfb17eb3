/** How a task is read from the history and the queue. See execution.py and comfy_execution/jobs.py of ComfyUI. */
import {
  firstInstantAt,
  firstStringAt,
  followUp,
  listAt,
  numberAt,
  queryError,
  snapshot,
  valueAt
} from "@gentask/core/provider"
import type { FailureDraft, QueryOutcome, StatusWords, TaskKey } from "@gentask/core/provider"
import { readOutputs } from "./outputs.ts"
import { historyResponse, queueResponse } from "./wire.ts"
import type { HistoryResponse, QueueResponse } from "./wire.ts"

/** The words of the history. The queue has a list for each other status. */
export const statuses: StatusWords = { succeeded: ["success"], failed: ["error"] }

const historyRequest = (id: string) =>
  ({ method: "GET", path: `/history/${encodeURIComponent(id)}` }) as const

/** Describes the first request of a query. */
export const request = ({ id }: TaskKey<unknown>) => historyRequest(id)

/** Returns the data of an event that was recorded for a task. */
const eventOf = (entry: unknown, name: string): unknown => {
  const event = listAt(entry, "status.messages").findLast((message) => valueAt(message, "0") === name)
  return valueAt(event, "1")
}

const readFailure = (error: unknown): FailureDraft => {
  const node = firstStringAt(error, "node_id")
  const message = firstStringAt(error, "exception_message")
  const type = firstStringAt(error, "node_type")
  return {
    code: firstStringAt(error, "exception_type"),
    message:
      node === undefined || message === undefined ? message : `${type ?? "A node"} (node ${node}): ${message}`
  }
}

const decodeEntry = (entry: unknown): QueryOutcome => {
  const interrupted = eventOf(entry, "execution_interrupted")
  const error = eventOf(entry, "execution_error")
  const end = interrupted ?? error ?? eventOf(entry, "execution_success")
  // Old servers have no status. The server itself counts a task in the history without one as completed.
  const word = firstStringAt(entry, "status.status_str")
  const isCanceled = interrupted !== undefined && word !== "success"
  return snapshot({
    ...(isCanceled ? { status: "canceled" } : word === undefined ? { status: "succeeded" } : {}),
    rawStatus: word,
    createdAt: firstInstantAt(entry, "prompt.3.create_time"),
    completedAt: firstInstantAt(end, "timestamp"),
    failure: isCanceled ? { reason: "canceled", code: "execution_interrupted" } : readFailure(error),
    ...readOutputs(valueAt(entry, "outputs"))
  })
}

const numberOf = (item: unknown): number => numberAt(item, "0") ?? 0

const isTask = (id: string) => (item: unknown) => valueAt(item, "1") === id

const decodeQueue = ({ queue_running, queue_pending }: QueueResponse, id: string): QueryOutcome => {
  const createdAt = (item: unknown) => firstInstantAt(item, "3.create_time")
  const running = queue_running.find(isTask(id))
  if (running !== undefined) return snapshot({ status: "running", createdAt: createdAt(running) })
  const pending = queue_pending.find(isTask(id))
  if (pending !== undefined) {
    // The list is a heap: only the numbers say which task is next.
    const earlier = queue_pending.filter((item) => numberOf(item) < numberOf(pending))
    return snapshot({
      status: "queued",
      createdAt: createdAt(pending),
      queuePosition: queue_running.length + earlier.length
    })
  }
  // The task may have ended between the two requests.
  return followUp({
    request: historyRequest(id),
    response: historyResponse,
    decode: (history) =>
      history[id] === undefined
        ? queryError({
            _tag: "TaskNotFound",
            message:
              "The server has no such task. It was removed from the queue or the history, or the server was restarted"
          })
        : decodeEntry(history[id])
  })
}

/** Decodes the history, which does not have a task until it has ended. The queue has it until then. */
export const decode = (history: HistoryResponse, { id }: TaskKey<unknown>): QueryOutcome =>
  history[id] === undefined
    ? followUp({
        request: { method: "GET", path: "/queue" },
        response: queueResponse,
        decode: (queue) => decodeQueue(queue, id)
      })
    : decodeEntry(history[id])
