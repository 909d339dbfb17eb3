/** How a task is read. See https://docs.bfl.ai/api-reference/utility/get-result */
import {
  amountAt,
  codeTable,
  firstInstantAt,
  firstStringAt,
  fraction,
  listAt,
  queryError,
  readMedia,
  snapshot,
  unexpectedResponse,
  valueAt
} from "@gentask/core/provider"
import type {
  FailureDraft,
  JsonObject,
  QueryOutcome,
  ResponseHead,
  StatusWords
} from "@gentask/core/provider"
import { readDetail } from "./errors.ts"

// `Pending` is documented as "being processed". `Failed` is known from clients only.
export const statuses: StatusWords = {
  running: ["Pending"],
  succeeded: ["Ready"],
  failed: ["Request Moderated", "Content Moderated", "Error", "Failed"]
}

/** "The specified task ID does not exist or has expired." */
const isNotFound = (status: string): boolean => /^task[\s_-]*not[\s_-]*found\b/i.test(status)

const failures = codeTable([
  { codes: ["Request Moderated"], failure: { reason: "moderation", canResubmit: false } },
  { codes: ["Content Moderated"], failure: { reason: "moderation" } },
  { codes: ["content_policy_violation"], failure: { reason: "moderation", canResubmit: false } },
  { codes: ["invalid_image"], failure: { reason: "invalid-input", canResubmit: false } },
  { codes: ["generation_timeout"], failure: { reason: "timeout", canResubmit: true } },
  { codes: ["internal_error"], failure: { reason: "upstream", canResubmit: true } }
])

/** Why content was moderated: known from clients, and documented as "the details". */
const moderationReasons = (body: JsonObject): string | undefined => {
  const texts = listAt(body, "details.Moderation Reasons").filter((each) => typeof each === "string")
  return texts.length > 0 ? texts.join(", ") : firstStringAt(body, "details")
}

const readFailure = (body: JsonObject, status: string): FailureDraft => {
  const { code, message } = readDetail(body)
  return {
    ...(failures(code) ?? failures(status))?.failure,
    code,
    message: moderationReasons(body) ?? message
  }
}

const notFound = (status: string): QueryOutcome => queryError({ _tag: "TaskNotFound", code: status })

/** Decodes the status of a task. */
export const decode = (body: JsonObject): QueryOutcome => {
  const status = firstStringAt(body, "status")
  if (status === undefined) return queryError(unexpectedResponse(body, "status"))
  if (isNotFound(status)) return notFound(status)
  const sample = valueAt(body, "result.sample") ?? body["result"]
  return snapshot({
    rawStatus: status,
    progress: fraction(body["progress"]),
    prompt: firstStringAt(body, "result.prompt"),
    createdAt: firstInstantAt(body, "result.start_time"),
    completedAt: firstInstantAt(body, "result.end_time"),
    outputs: readMedia(sample, { kind: "image" }),
    cost: amountAt(body, "cost", "credits"),
    failure: readFailure(body, status)
  })
}

/** Decodes an error that is a task that the vendor does not know. */
export const decodeError = (body: JsonObject, head: ResponseHead): QueryOutcome | undefined => {
  const status = firstStringAt(body, "status") ?? ""
  return head.status < 500 && isNotFound(status) ? notFound(status) : undefined
}
