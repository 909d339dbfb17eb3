/** Responses with an HTTP error, and errors that the vendor reports with HTTP 2xx. */
import { errorFromStatus } from "../provider/errorFromStatus.ts"
import type { ErrorDetail, ErrorReason } from "../provider/ErrorReason.ts"
import type { QueryOutcome } from "../provider/QueryOutcome.ts"
import { isJsonObject } from "../provider/jsonObject.ts"
import { readErrorDetail } from "../provider/readErrorDetail.ts"
import { validateResponse } from "../provider/validate.ts"
import type { DecodedResponse, Decoding, ResponseDecoder } from "./Decoding.ts"
import { isBinary, maxQuotedLength } from "./describeBody.ts"
import { describeRedirect } from "./describeRedirect.ts"
import { isBlank, notJson } from "./parseBody.ts"
import { readVendorError } from "./readVendorError.ts"
import {
  fromError,
  fromOutcome,
  notJsonMessage,
  toSnapshot,
  unexpected,
  withRetryAfter
} from "./toDecoded.ts"

/** The HTTP status of a follow-up cannot mean that the vendor does not know the task: an earlier response knew it. */
const unknownInFollowUp = (
  reason: ErrorReason,
  { isFollowUp }: ResponseDecoder
): DecodedResponse | undefined =>
  isFollowUp === true && reason._tag === "TaskNotFound"
    ? { _tag: "Error", reason: { ...reason, _tag: "UnexpectedResponse", path: "" } }
    : undefined

/** Decodes the error of a response as the provider describes it. Undefined if the response is not an error. */
export const decodeVendorError = (decoding: Decoding): DecodedResponse | undefined => {
  const { query, decoder, body, head } = decoding
  const error = readVendorError(query.account.spec.errors, body, head, "query")
  if (error === undefined) return undefined
  const { failure, isDocumented } = error
  const reason = { httpStatus: head.status, ...error.reason }
  // In a follow-up, it says nothing about the task: an earlier response has reported how the task ended. With HTTP 5xx, it
  // may be the failure of this request.
  if (failure !== undefined && decoder.isFollowUp !== true && head.status < 500) {
    const { code, message, requestId } = reason
    return toSnapshot(decoding, { status: "failed", failure: { ...failure, code, message, requestId } })
  }
  const unknown = isDocumented ? undefined : unknownInFollowUp(reason, decoder)
  return unknown ?? fromError(decoding, reason)
}

/** Whether the body is not complete, could not be decompressed, or is JSON without names: none that a provider reads. */
const isDamaged = ({ body, response }: Decoding): boolean =>
  body === notJson
    ? response.bodyError !== undefined || isBlank(response) || looksCut(response.text)
    : !isJsonObject(body)

/** Whether a text that is not JSON begins like it, or is binary data. */
const looksCut = (text: string): boolean => /^\s*["[{]/.test(text) || isBinary(text)

const damagedMessage = (decoding: Decoding, { message }: ErrorDetail): string =>
  message ?? `The response is not a JSON object: ${JSON.stringify(decoding.body).slice(0, maxQuotedLength)}`

/** Lets the provider decode a body with an error status. Undefined if it leaves the verdict to the status. */
const decodeErrorBody = ({ decoder, body, head }: Decoding): QueryOutcome | undefined => {
  if (decoder.decodeError === undefined || body === notJson) return undefined
  const valid = validateResponse(decoder.response, body)
  return valid.ok ? decoder.decodeError(valid.value as never, head) : undefined
}

/** Decodes a response with an HTTP error. */
export const decodeErrorStatus = (decoding: Decoding): DecodedResponse => {
  const { body, response, decoder } = decoding
  const { status } = response
  const outcome = decodeErrorBody(decoding)
  if (outcome !== undefined) return fromOutcome(decoding, outcome)
  const error = decodeVendorError(decoding)
  if (error !== undefined) return error
  const redirect = describeRedirect(status, response.headers, decoding.query.account.baseUrl)
  if (redirect !== undefined) return unexpected(response, "", redirect)
  const detail: ErrorDetail = body === notJson ? { message: notJsonMessage(decoding) } : readErrorDetail(body)
  const reason = errorFromStatus(status, { ...detail, httpStatus: status }) as ErrorReason
  const unknown = unknownInFollowUp(reason, decoder)
  if (unknown !== undefined) return unknown
  const decoded: DecodedResponse =
    body === notJson
      ? { _tag: "Error", reason: withRetryAfter(reason, decoding) }
      : fromError(decoding, reason)
  const isInvalid = decoded._tag === "Error" && decoded.reason._tag === "InvalidRequest"
  const readsErrors = decoder.decodeError !== undefined || decoding.query.account.spec.errors !== undefined
  // Intact, it may say that the task has failed or is unknown, which would not be an error of the query.
  return isInvalid && readsErrors && isDamaged(decoding)
    ? unexpected(response, "", damagedMessage(decoding, detail))
    : decoded
}
