import type { StandardSchemaV1 } from "@standard-schema/spec"
import { errorFromStatus } from "../provider/errorFromStatus.ts"
import type { ErrorFormat } from "../provider/ErrorFormat.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { readErrorDetail } from "../provider/readErrorDetail.ts"
import type { ResponseHead } from "../provider/ResponseHead.ts"
import { validateResponse } from "../provider/validate.ts"
import { describeBody } from "./describeBody.ts"
import { describeRedirect } from "./describeRedirect.ts"
import { aboutRequest, operationError } from "./operationError.ts"
import { isBlank, notJson, parseBody } from "./parseBody.ts"
import { readVendorError } from "./readVendorError.ts"
import { redact } from "./redact.ts"
import type { VendorResponse } from "./VendorResponse.ts"

/** An operation whose response is decoded in one step, such as a key exchange, an upload or a balance. */
export interface SimpleOperation<Body, Outcome> {
  /** The schema of a response. @default any JSON object */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  readonly decode: (body: Body, head: ResponseHead) => Outcome
  /** Decodes another response. Undefined leaves the decision to the HTTP status. */
  readonly decodeError?: ((body: Body, head: ResponseHead) => Outcome | undefined) | undefined
  /** Whether the request is about a task, so that HTTP 404 means that the vendor does not know it. @default false */
  readonly isAboutTask?: boolean | undefined
  /** What a 2xx response without a body means, if `response` rejects it. @default an `UnexpectedResponse` */
  readonly emptyOutcome?: Outcome | undefined
}

/** What the provider decoded, or why the response is an error. */
export type DecodedOperation<Outcome> =
  | { readonly _tag: "Decoded"; readonly outcome: Outcome }
  | { readonly _tag: "Error"; readonly reason: ErrorReason }

/**
 * Decodes the response of an operation other than a query and a submit.
 *
 * @param errors What the vendor's errors mean.
 */
export const decodeOperation = <Body, Outcome>(
  { response: schema, decode, decodeError, isAboutTask, emptyOutcome }: SimpleOperation<Body, Outcome>,
  response: VendorResponse,
  errors?: ErrorFormat
): DecodedOperation<Outcome> => {
  const { status, headers, secrets } = response
  const body = isBlank(response) ? undefined : parseBody(response.text, secrets)
  const describe = (): string =>
    response.bodyError ?? describeBody(response.text, headers["content-type"], secrets)
  const unexpected = (path: string, message: string): DecodedOperation<Outcome> => ({
    _tag: "Error",
    reason: { _tag: "UnexpectedResponse", path, message, httpStatus: status }
  })
  const attempt = (
    decoding: () => DecodedOperation<Outcome> | undefined
  ): DecodedOperation<Outcome> | undefined => {
    try {
      return decoding()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return unexpected("", `The provider failed to decode the response: ${why}`)
    }
  }
  const decoded = (decoding: () => Outcome | undefined): DecodedOperation<Outcome> | undefined =>
    attempt(() => {
      const outcome = decoding()
      return outcome === undefined ? undefined : { _tag: "Decoded", outcome }
    })
  const head = { status, headers }
  const vendorError = (): DecodedOperation<Outcome> | undefined =>
    attempt(() => {
      const error = readVendorError(errors, body, head, "other")
      if (error === undefined) return undefined
      const reason = error.isDocumented || isAboutTask === true ? error.reason : aboutRequest(error.reason)
      return { _tag: "Error", reason: { httpStatus: status, ...reason } }
    })
  if (status < 200 || status >= 300) {
    const valid = decodeError === undefined || body === notJson ? undefined : validateResponse(schema, body)
    const own = valid?.ok === true ? decoded(() => decodeError?.(valid.value, head)) : undefined
    if (own !== undefined) return own
    const error = vendorError()
    if (error !== undefined) return error
    const redirect = describeRedirect(status, headers)
    if (redirect !== undefined) return unexpected("", redact(redirect, secrets))
    const detail = body === undefined || body === notJson ? { message: describe() } : readErrorDetail(body)
    const known =
      isAboutTask === true ? errorFromStatus(status, { ...detail, httpStatus: status }) : undefined
    return { _tag: "Error", reason: known ?? operationError(status, detail) }
  }
  if (body === notJson) return unexpected("", describe())
  const error = vendorError()
  if (error !== undefined) return error
  const valid = validateResponse(schema, body)
  if (!valid.ok && body === undefined && emptyOutcome !== undefined)
    return { _tag: "Decoded", outcome: emptyOutcome }
  if (!valid.ok) return unexpected(valid.path, body === undefined ? describe() : valid.message)
  return (
    decoded(() => decode(valid.value, head)) ?? unexpected("", "The provider returned an unknown outcome")
  )
}
