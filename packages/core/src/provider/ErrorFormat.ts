import type { CodeGroup, SubmitMeaning } from "./codeTable.ts"
import type { StatusErrorDetail } from "./errorFromStatus.ts"
import type { ErrorReason } from "./ErrorReason.ts"
import type { JsonObject } from "./jsonObject.ts"
import type { ResponseHead } from "./ResponseHead.ts"

/**
 * An error of a response: its code and its message, or its reason if `codes` cannot say it. `submit` overrides what the
 * code means for a submit.
 */
export type VendorError = (ErrorReason | (StatusErrorDetail & { readonly _tag?: undefined })) & {
  readonly submit?: SubmitMeaning | undefined
}

/** What the response with an error is to: a query, a submit, or anything else. */
export type ErrorOperation = "query" | "submit" | "other"

/**
 * What the vendor's errors mean, in the responses to all operations. Core reads them after an operation's `decodeError`, and
 * before its `decode`. Only a submit is decoded first, because a response with a task id is accepted in any case.
 *
 * | code                         | query                      | submit                                          | other operations |
 * | ---------------------------- | -------------------------- | ----------------------------------------------- | ---------------- |
 * | `error`                      | this error                 | rejected. `Unavailable`: unknown                | this error       |
 * | `failure`                    | the task has failed        | rejected, or unknown if the vendor is the cause | an error         |
 * | not in `codes`, HTTP 4xx     | that of the HTTP status    | rejected, apart from 407, 408, 409 and 425      | as for a query   |
 * | not in `codes`, HTTP 2xx     | that of {@link errorFromCode} | unknown                                      | as for a query   |
 *
 * A submit with HTTP 5xx, 407, 408, 409 or 425 is unknown, whatever the code is. In the response to a follow-up, a
 * `failure` is an error: an earlier response has reported how the task ended.
 *
 * ```ts
 * errors: {
 *   read: (body) => {
 *     const code = codeAt(body, "code")
 *     return code === "0" ? undefined : { code, message: firstStringAt(body, "message") }
 *   },
 *   codes: [
 *     { codes: [1000], error: "Unauthorized" },
 *     { codes: [1303], error: "RateLimited", submit: "retry-after-task-end" },
 *     { codes: [1301], failure: { reason: "moderation", canResubmit: false } }
 *   ]
 * }
 * ```
 */
export interface ErrorFormat {
  /**
   * Reads the error of a response that is a JSON object and no redirect, whatever its HTTP status is. Returns undefined if the response is not an
   * error, if it is about a task that has failed, or if only its HTTP status counts. If it throws, the response is an
   * `UnexpectedResponse`.
   *
   * @default the code and the message of HTTP errors, where {@link readErrorDetail} finds them, and their `request_id`
   */
  readonly read?:
    | ((body: JsonObject, head: ResponseHead, operation: ErrorOperation) => VendorError | undefined)
    | undefined
  /**
   * The codes that the vendor documents. The failure of a task whose snapshot has the code and no reason gets that of the
   * code, too. @default none
   */
  readonly codes?: ReadonlyArray<CodeGroup> | undefined
}
