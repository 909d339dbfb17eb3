import { classifyFailure } from "../provider/classifyFailure.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { invalidKey, rateLimit, saturated, unknownTask } from "../provider/failurePatterns.ts"
import type { SnapshotDraft } from "../provider/SnapshotDraft.ts"

/** An error after its texts were read, or the task whose failure they report. */
export type RefinedError =
  | { readonly _tag: "Failed"; readonly draft: SnapshotDraft }
  | { readonly _tag: "Error"; readonly reason: ErrorReason }

/** Errors about the query as a whole. Others have a cause of their own, such as the key. */
type General = Extract<ErrorReason, { readonly _tag: "InvalidRequest" | "Forbidden" | "UnexpectedResponse" }>

const isGeneral = (error: ErrorReason): error is General =>
  error._tag === "InvalidRequest" || error._tag === "Forbidden" || error._tag === "UnexpectedResponse"

/** Longer texts repeat the request or contain a stack trace. */
const maxLength = 2000

/** Returns the kind of error that the texts name. Undefined if they name none. */
const tagOf = (
  { _tag, code, message }: General,
  reason: string | undefined
): "InsufficientCredits" | "Unauthorized" | "TaskNotFound" | "RateLimited" | "Unavailable" | undefined => {
  const text = `${code ?? ""} ${message ?? ""}`.slice(0, maxLength).replaceAll("_", " ").toLowerCase()
  if (rateLimit.test(text)) return "RateLimited"
  if (reason === "quota") return "InsufficientCredits"
  if (saturated.test(text)) return "Unavailable"
  // What a 403 denies is more specific than a mention of the key or of the upstream.
  if (_tag === "Forbidden") return undefined
  if (invalidKey.test(text)) return "Unauthorized"
  if (unknownTask.test(text)) return "TaskNotFound"
  return reason === "upstream" || reason === "timeout" ? "Unavailable" : undefined
}

/**
 * Reads the code and the message of an error that says only that the query was rejected or that the response is not as
 * documented. Some vendors report this way that the content of the *task* was rejected: the task has failed. Others report
 * a rejected key, missing credits, an unknown task, a rate limit or an outage this way.
 *
 * @param error The error. Errors with a more specific kind are returned as they are.
 * @param isKnown True if an earlier response of the same query knew the task.
 */
export const refineError = (error: ErrorReason, isKnown = false): RefinedError => {
  if (!isGeneral(error)) return { _tag: "Error", reason: error }
  const { code, message, requestId, httpStatus } = error
  const failure = classifyFailure(code, message)
  if (failure?.reason === "moderation") {
    return {
      _tag: "Failed",
      draft: { status: "failed", failure: { ...failure, code, message, requestId } }
    }
  }
  const tag = tagOf(error, failure?.reason)
  return tag === undefined || (tag === "TaskNotFound" && isKnown)
    ? { _tag: "Error", reason: error }
    : { _tag: "Error", reason: { _tag: tag, code, message, requestId, httpStatus } }
}
