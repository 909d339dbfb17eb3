/** See https://docs.dev.runwayml.com/api */
import {
  amountAt,
  firstStringAt,
  fraction,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable,
  unexpectedResponse
} from "@gentask/core/provider"
import type { JsonObject, OutputDraft, QueryOutcome, StatusWords } from "@gentask/core/provider"

// `THROTTLED`: the account has reached its limit of concurrent tasks, and the vendor runs the task later.
export const statuses: StatusWords = {
  queued: ["PENDING", "THROTTLED"],
  running: ["RUNNING"],
  succeeded: ["SUCCEEDED"],
  failed: ["FAILED"],
  canceled: ["CANCELLED"]
}
const statusOf = statusTable(statuses)

const day = 24 * 60 * 60 * 1000

/** Links that each response creates anew. They "expire within 24-48 hours". */
const readOutputs = (body: JsonObject): ReadonlyArray<OutputDraft> =>
  readMedia(body["output"], { kind: "video" }).map((output) => ({ ...output, expiresInMs: day }))

/** Decodes a task. */
export const decode = (body: JsonObject): QueryOutcome => {
  const rawStatus = firstStringAt(body, "status")
  if (rawStatus === undefined) return queryError(unexpectedResponse(body, "status", "The task has no status"))
  return snapshot({
    rawStatus,
    progress: fraction(body["progress"]),
    createdAt: firstStringAt(body, "createdAt"),
    // The final cost. That of a task that has not ended is an estimate, in another member.
    cost: amountAt(body, "cost.credits", "credits"),
    failure: {
      code: firstStringAt(body, "failureCode"),
      message: firstStringAt(body, "failure") ?? readErrorDetail(body).message
    },
    outputs: statusOf(rawStatus) === "succeeded" ? readOutputs(body) : undefined
  })
}
