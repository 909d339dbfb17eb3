/**
 * The codes of Volcengine's visual services and of its gateway. The relays document 10000 and 10001 alone and pass the
 * others through. Sources: https://www.volcengine.com/docs/85621 (the models' pages) and
 * https://docs.byteplus.com/byteplus-platform/reference/common-error-codes (the gateway).
 */
import type { FailureDraft } from "@gentask/core/provider"

const risk = (resubmit: boolean): FailureDraft => ({ reason: "moderation", resubmit })

// "Internal error" of a check on the content: documented as HTTP 400 and not worth a retry, so it is about the task.
const checkFailed: FailureDraft = { reason: "upstream", resubmit: false }

/** What a code says about the task itself: it failed, and whether submitting it anew may help. */
export const verdicts: ReadonlyMap<string, FailureDraft> = new Map([
  ["50411", risk(false)],
  ["50412", risk(false)],
  ["50413", risk(false)],
  ["50511", risk(true)],
  ["50512", risk(false)],
  ["50516", risk(true)],
  ["50517", risk(true)],
  ["50518", risk(false)],
  ["50519", risk(true)],
  ["50520", checkFailed],
  ["50521", checkFailed],
  ["50522", checkFailed]
])

/**
 * What a code says about the question: ask again later. On 50500 and 50501 the vendor's pages disagree whether a retry
 * helps; an internal error while asking says nothing about the task.
 */
export const troubles: ReadonlyMap<string, "RateLimited" | "Unavailable"> = new Map([
  ["50429", "RateLimited"],
  ["50430", "RateLimited"],
  ["50500", "Unavailable"],
  ["50501", "Unavailable"]
])

/**
 * The HTTP statuses of the gateway's codes. A service or an action that is not found is a wrong question and not a
 * missing task, so both are 400 here, where the gateway has 404.
 */
export const gatewayStatus: ReadonlyMap<string, number> = new Map([
  ["MissingParameter", 400],
  ["MissingAuthenticationToken", 401],
  ["MissingRequestInfo", 400],
  ["MissingSignature", 401],
  ["InvalidTimestamp", 400],
  ["ServiceNotFound", 400],
  ["InvalidActionOrVersion", 400],
  ["InvalidAccessKey", 401],
  ["SignatureDoesNotMatch", 401],
  ["LackPolicy", 403],
  ["AccessDenied", 403]
])
