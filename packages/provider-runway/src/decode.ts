/** See https://docs.dev.runwayml.com/api for tasks, and https://docs.dev.runwayml.com/errors/task-failures for failures. */
import {
  amountAt,
  classifyFailure,
  firstStringAt,
  fraction,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable,
  unexpectedResponse
} from "@gentask/core/provider"
import type { FailureDraft, JsonObject, OutputDraft, QueryOutcome, StatusWords } from "@gentask/core/provider"
import type { RunwayTask } from "./wire.ts"

// `THROTTLED`: the account has reached its limit of concurrent tasks, and the vendor runs the task later.
export const statuses: StatusWords = {
  queued: ["PENDING", "THROTTLED"],
  running: ["RUNNING"],
  succeeded: ["SUCCEEDED"],
  failed: ["FAILED"],
  canceled: ["CANCELLED"]
}
const statusOf = statusTable(statuses)

/** What the parts of a code mean. A code may be longer: `SAFETY.INPUT.TEXT`, `INTERNAL.BAD_OUTPUT.CODE01`. */
const failures: ReadonlyArray<readonly [RegExp, Pick<FailureDraft, "reason" | "canResubmit">]> = [
  // "You should not retry these generations."
  [/^SAFETY(?:\.|$)|^INPUT_PREPROCESSING\.SAFETY(?:\.|$)/, { reason: "moderation", canResubmit: false }],
  [/^ASSET\.INVALID(?:\.|$)/, { reason: "invalid-input", canResubmit: false }],
  // The vendor rejected the result for its quality, which the input may cause.
  [/^INTERNAL\.BAD_OUTPUT(?:\.|$)/, { reason: "upstream" }],
  [
    /^(?:INTERNAL|INPUT_PREPROCESSING\.INTERNAL|THIRD_PARTY\.UNAVAILABLE)(?:\.|$)/,
    { reason: "upstream", canResubmit: true }
  ]
]

const readFailure = (body: JsonObject): FailureDraft => {
  const code = firstStringAt(body, "failureCode")
  const message = firstStringAt(body, "failure") ?? readErrorDetail(body).message
  const known = failures.find(([pattern]) => pattern.test(code ?? ""))?.[1]
  return { ...(known ?? classifyFailure(code, message)), code, message }
}

const day = 24 * 60 * 60 * 1000

/** Links that each response creates anew. They "expire within 24-48 hours". */
const readOutputs = (body: JsonObject): ReadonlyArray<OutputDraft> =>
  readMedia(body["output"], { kind: "video" }).map((output) => ({ ...output, expiresInMs: day }))

/** Decodes a task. */
export const decode = (body: RunwayTask): QueryOutcome => {
  if (!body.status) return queryError(unexpectedResponse(body, "status", "The task has no status"))
  return snapshot({
    rawStatus: body.status,
    progress: fraction(body["progress"]),
    createdAt: firstStringAt(body, "createdAt"),
    // The final cost. That of a task that has not ended is an estimate, in another member.
    cost: amountAt(body, "cost.credits", "credits"),
    failure: readFailure(body),
    outputs: statusOf(body.status) === "succeeded" ? readOutputs(body) : undefined
  })
}
