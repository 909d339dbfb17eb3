import * as retryAfter from "../http/retryAfter.ts"
import { validateResponse } from "../provider/validate.ts"
import type { FollowUp } from "../provider/QueryOutcome.ts"
import { keyOf } from "./authHeaders.ts"
import { decodeErrorStatus, decodeVendorError } from "./decodeErrorStatus.ts"
import type { DecodedResponse, Decoding, ReceivedResponse, ResponseDecoder } from "./Decoding.ts"
import { isBlank, notJson, parseBody } from "./parseBody.ts"
import type { Secrets } from "./redact.ts"
import type { TaskQuery } from "./TaskQuery.ts"
import { fromOutcome, notJsonMessage, toSnapshot, unexpected } from "./toDecoded.ts"

/** Maximum number of follow-up requests of one query. */
export const maxFollowUps = 3

/** Returns the decoder for the first response of a query. */
export const queryDecoder = ({ account, task }: TaskQuery): ResponseDecoder => {
  const { response, decode, decodeError } = account.spec.query
  return {
    response,
    decode: (body, head) => decode(body, head, task),
    decodeError: decodeError && ((body, head) => decodeError(body, head, task))
  }
}

/** Returns the decoder for the response of a follow-up. */
export const followUpDecoder = (followUp: FollowUp): ResponseDecoder => ({
  ...followUp,
  isFollowUp: true
})

const decodeValue = (decoding: Decoding): DecodedResponse => {
  const { body, response, decoder, head } = decoding
  const valid = validateResponse(decoder.response, body)
  if (valid.ok) return fromOutcome(decoding, decoder.decode(valid.value as never, head))
  return unexpected(response, valid.path, body === undefined ? notJsonMessage(decoding) : valid.message)
}

const decodeBody = (decoding: Decoding): DecodedResponse => {
  const { body, response } = decoding
  if (isBlank(response)) {
    const { status } = response
    const withoutBody = { ...decoding, body: undefined }
    // A query that is accepted without content: the task has not ended (RFC 9110, 15.3.3).
    return status === 202 || status === 204
      ? toSnapshot(withoutBody, { status: "running" })
      : decodeValue(withoutBody)
  }
  if (body === notJson) return unexpected(response, "", notJsonMessage(decoding))
  return decodeVendorError(decoding) ?? decodeValue(decoding)
}

/** Returns what the provider sees of a response besides its body. */
const observeHead = ({ status, headers }: ReceivedResponse): Pick<Decoding, "head" | "hasReadHeaders"> => {
  let isRead = false
  const head = {
    status,
    get headers() {
      isRead = true
      return headers
    }
  }
  return { head, hasReadHeaders: () => isRead }
}

/**
 * Decodes a response in this order: HTTP status, JSON, the vendor's errors, the provider's schema, and then the provider.
 * The same response always decodes to the same result. A provider that throws makes the response an unexpected one.
 *
 * @param secrets Redacted in what the provider reads. Defaults to the API key.
 */
export const decodeResponse = (
  query: TaskQuery,
  decoder: ResponseDecoder,
  response: ReceivedResponse,
  secrets: Secrets = keyOf(query.account)
): DecodedResponse => {
  const { status, headers } = response
  try {
    const decoding: Decoding = {
      query,
      decoder,
      response,
      ...observeHead(response),
      body: parseBody(response.text, secrets),
      secrets,
      retryAfterMs: retryAfter.fromHeaders(headers, response.at)
    }
    return status < 200 || status >= 300 ? decodeErrorStatus(decoding) : decodeBody(decoding)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `The provider ${query.account.spec.id} failed to decode the response: ${why}`
    return unexpected(response, "", message)
  }
}
