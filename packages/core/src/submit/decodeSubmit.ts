/** Decides what the response to a submit means. */
import { describeBody } from "../exchange/describeBody.ts"
import { aboutRequest } from "../exchange/operationError.ts"
import { notJson, parseBody } from "../exchange/parseBody.ts"
import type { VendorResponse } from "../exchange/VendorResponse.ts"
import * as retryAfter from "../http/retryAfter.ts"
import { errorFromStatus } from "../provider/errorFromStatus.ts"
import type { ErrorFormat } from "../provider/ErrorFormat.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { readErrorDetail } from "../provider/readErrorDetail.ts"
import type { SubmitOperation, SubmitRequest } from "../provider/SubmitOperation.ts"
import { rejected, unknownOutcome } from "../provider/SubmitOutcome.ts"
import type { SubmitOutcome } from "../provider/SubmitOutcome.ts"
import { validateResponse } from "../provider/validate.ts"
import { decodeSubmitError, isAmbiguous } from "./decodeSubmitError.ts"

/** Redirects that require the same request at another host, which was not sent there. */
const moved: ReadonlySet<number> = new Set([301, 307, 308])

const unexpected = (response: VendorResponse, message: string, path = ""): ErrorReason => ({
  _tag: "UnexpectedResponse",
  path,
  message,
  httpStatus: response.status
})

const fromStatus = (response: VendorResponse, body: unknown, quoted: () => string): SubmitOutcome => {
  const { status, headers } = response
  if (status >= 300 && status < 400) {
    const target = headers["location"] ?? "another host"
    const message = `The host redirects to ${target}. Redirects are not followed: set the base URL to the new host`
    return moved.has(status)
      ? rejected(unexpected(response, message))
      : unknownOutcome(unexpected(response, message))
  }
  const detail = body === notJson ? { message: quoted() } : readErrorDetail(body)
  const reason = errorFromStatus(status, { ...detail, httpStatus: status }) ?? unexpected(response, quoted())
  return status >= 400 && !isAmbiguous(status) ? rejected(reason) : unknownOutcome(reason)
}

/** Adds the HTTP status and the delay that the headers require. */
const complete = (outcome: SubmitOutcome, response: VendorResponse): SubmitOutcome => {
  if (outcome._tag === "Accepted") return outcome
  const reason = aboutRequest(outcome.reason)
  const withStatus = { httpStatus: response.status, ...reason }
  if (withStatus._tag !== "RateLimited" && withStatus._tag !== "Unavailable")
    return { ...outcome, reason: withStatus }
  const waits = [withStatus.retryAfterMs, retryAfter.fromHeaders(response.headers, response.at)].filter(
    (wait) => wait !== undefined
  )
  return {
    ...outcome,
    reason: waits.length === 0 ? withStatus : { ...withStatus, retryAfterMs: Math.max(...waits) }
  }
}

/** Keeps the tasks that have an id. Undefined if none has. */
const withIds = (outcome: SubmitOutcome | undefined): SubmitOutcome | undefined => {
  if (outcome?._tag !== "Accepted") return undefined
  const tasks = outcome.tasks.filter(({ id }) => typeof id === "string" && id.trim() !== "")
  return tasks.length === 0 ? undefined : { ...outcome, tasks }
}

/** A provider need not expect the body of an error in `decode`. */
const attempt = (decode: () => SubmitOutcome): SubmitOutcome | undefined => {
  try {
    return decode()
  } catch {
    return undefined
  }
}

/**
 * Decodes the response to a submit. A response with a task id means that there is a task, whatever its status. A 2xx
 * response that cannot be read means that the outcome is unknown, and so does a provider that throws.
 *
 * @param errors What the vendor's errors mean.
 */
export const decodeSubmit = (
  operation: SubmitOperation<unknown, unknown>,
  request: SubmitRequest,
  response: VendorResponse,
  errors?: ErrorFormat
): SubmitOutcome => {
  const { status, headers, secrets } = response
  const isSuccess = status >= 200 && status < 300
  const head = { status, headers }
  const quoted = (): string =>
    response.bodyError ?? describeBody(response.text, headers["content-type"], secrets)
  try {
    const body = parseBody(response.text, secrets)
    const valid = body === notJson ? undefined : validateResponse(operation.response, body)
    const decode = (): SubmitOutcome =>
      operation.decode(valid?.ok === true ? valid.value : undefined, head, request)
    const vendorError = (): SubmitOutcome | undefined => decodeSubmitError(errors, body, head)
    if (valid?.ok !== true) {
      if (!isSuccess) return complete(vendorError() ?? fromStatus(response, body, quoted), response)
      const why =
        valid === undefined ? unexpected(response, quoted()) : unexpected(response, valid.message, valid.path)
      return complete(vendorError() ?? unknownOutcome(why), response)
    }
    const decoded = isSuccess ? decode() : attempt(decode)
    const accepted = withIds(decoded)
    if (accepted !== undefined) return accepted
    const withoutId = unknownOutcome(unexpected(response, "The response contains no task id"))
    if (isSuccess && decoded !== undefined) {
      const outcome = decoded._tag === "Accepted" ? withoutId : decoded
      const error = outcome._tag === "UnknownOutcome" ? vendorError() : undefined
      return complete(error ?? outcome, response)
    }
    const ownError = operation.decodeError?.(valid.value, head, request)
    if (ownError?._tag === "Accepted") return withIds(ownError) ?? withoutId
    return complete(ownError ?? vendorError() ?? fromStatus(response, body, quoted), response)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return unknownOutcome(unexpected(response, `The provider failed to decode the response: ${why}`))
  }
}
