/** How a request is read. See https://docs.fal.ai/documentation/model-apis/inference/queue */
import {
  amountAt,
  firstStringAt,
  followUp,
  isJsonObject,
  numberAt,
  queryError,
  readErrorDetail,
  snapshot,
  statusTable,
  unexpectedResponse,
  valueAt
} from "@gentask/core/provider"
import type {
  FailureDraft,
  JsonObject,
  QueryOutcome,
  ResponseHead,
  StatusWords,
  TaskKey
} from "@gentask/core/provider"
import * as z from "zod"
import { requestPath } from "./endpoint.ts"
import type { FalParams } from "./endpoint.ts"
import { errorType, isFailureType, readFailure } from "./errors.ts"
import { readFiles } from "./files.ts"

// `COMPLETED` is the end of both successful and failed requests.
export const statuses: StatusWords = {
  queued: ["IN_QUEUE"],
  running: ["IN_PROGRESS"],
  succeeded: ["COMPLETED"]
}
const statusOf = statusTable(statuses)

const failed = (state: JsonObject, failure: FailureDraft): QueryOutcome =>
  snapshot({
    status: failure.reason === "canceled" ? "canceled" : "failed",
    rawStatus: firstStringAt(state, "status"),
    failure
  })

/** Statuses of a query that failed, whatever the request has ended with. */
const queryStatuses: ReadonlySet<number> = new Set([401, 402, 403, 404, 408, 409, 425, 429])

/** Whether the status says that the request failed. A blank text does not. */
const isFlagged = (state: JsonObject): boolean =>
  isJsonObject(state["error"]) || firstStringAt(state, "error", "error_type") !== undefined

const decodeResult =
  (state: JsonObject) =>
  (response: unknown, head: ResponseHead): QueryOutcome => {
    if (isFlagged(state)) return failed(state, readFailure(state, head))
    // Accepted, and not a result yet.
    if (head.status === 202) return snapshot({ status: "running", rawStatus: firstStringAt(state, "status") })
    const { outputs, warnings } = readFiles(response)
    // An error with HTTP status 200, such as that of a gateway, is not a result. Nor is any other type without files.
    const hasError = valueAt(response, "detail") != null || valueAt(response, "error_type") != null
    if (!outputs?.length && (hasError || !isJsonObject(response)))
      return queryError(unexpectedResponse(response, "detail", "The response is not a result"))
    return snapshot({
      rawStatus: firstStringAt(state, "status"),
      prompt: firstStringAt(response, "prompt"),
      outputs,
      warnings,
      // In units that depend on the model.
      cost: amountAt(head.headers, "x-fal-billable-units", "units")
    })
  }

/** An error that is not an object is the detail of one. */
const toError = (response: unknown): JsonObject => (isJsonObject(response) ? response : { detail: response })

/** Decodes the response of a failed request: its own HTTP status, or that of a query that failed. */
const decodeResultError =
  (state: JsonObject) =>
  (response: unknown, head: ResponseHead): QueryOutcome | undefined => {
    // The vendor keeps the status for longer than the result.
    if (head.status === 404 && isFlagged(state)) return failed(state, readFailure(state, head))
    if (queryStatuses.has(head.status)) return undefined
    const error = toError(response)
    const { message } = readErrorDetail(error)
    if (head.status === 400 && /still in progress/i.test(message ?? ""))
      return snapshot({ status: "running", rawStatus: firstStringAt(state, "status") })
    const type = errorType(error, head)
    const isError = message !== undefined || type !== undefined
    // A server error is that of the request only if it says so, or if the status does.
    const isFailure =
      head.status < 500 ? isError || isFlagged(state) : isFailureType(type) || (isError && isFlagged(state))
    if (!isFailure) return undefined
    const failure = readFailure({ error_type: state["error_type"], ...error }, head)
    return failed(state, { ...failure, message: message ?? readErrorDetail(state).message })
  }

/** Decodes the status of a request. The result of a request that has ended is another request. */
export const decode = (state: JsonObject, head: ResponseHead, task: TaskKey<FalParams>): QueryOutcome => {
  const rawStatus = firstStringAt(state, "status")
  if (rawStatus === undefined) return queryError(unexpectedResponse(state, "status"))
  if (statusOf(rawStatus) === "succeeded")
    return followUp({
      request: { method: "GET", path: requestPath(task) },
      response: z.unknown(),
      decode: decodeResult(state),
      decodeError: decodeResultError(state)
    })
  return snapshot({
    rawStatus: firstStringAt(state, "status"),
    queuePosition: numberAt(state, "queue_position"),
    failure: readFailure(state, head)
  })
}
