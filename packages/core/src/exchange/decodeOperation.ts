import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { readErrorDetail } from "../provider/readErrorDetail.ts"
import type { ResponseHead } from "../provider/ResponseHead.ts"
import { validate } from "../provider/validate.ts"
import { describeBody } from "./describeBody.ts"
import { operationError } from "./operationError.ts"
import { isBlank, notJson, parseBody } from "./parseBody.ts"
import type { VendorResponse } from "./VendorResponse.ts"

/** An operation whose response is decoded in one step, such as a key exchange, an upload or a balance. */
export interface SimpleOperation<Body, Outcome> {
  readonly response: StandardSchemaV1<unknown, Body>
  readonly decode: (body: Body, head: ResponseHead) => Outcome
}

/** What the provider decoded, or why the response is an error. */
export type DecodedOperation<Outcome> =
  | { readonly _tag: "Decoded"; readonly outcome: Outcome }
  | { readonly _tag: "Error"; readonly reason: ErrorReason }

/** Decodes the response of an operation other than a query. Only 2xx responses are passed to the provider. */
export const decodeOperation = <Body, Outcome>(
  { response: schema, decode }: SimpleOperation<Body, Outcome>,
  response: VendorResponse
): DecodedOperation<Outcome> => {
  const { status, headers, secrets } = response
  const body = isBlank(response) ? undefined : parseBody(response.text, secrets)
  const describe = (): string =>
    response.bodyError ?? describeBody(response.text, headers["content-type"], secrets)
  const unexpected = (path: string, message: string): DecodedOperation<Outcome> => ({
    _tag: "Error",
    reason: { _tag: "UnexpectedResponse", path, message, httpStatus: status }
  })
  if (status < 200 || status >= 300) {
    const detail = body === undefined || body === notJson ? { message: describe() } : readErrorDetail(body)
    return { _tag: "Error", reason: operationError(status, detail) }
  }
  if (body === notJson) return unexpected("", describe())
  const valid = validate(schema, body)
  if (!valid.ok) return unexpected(valid.path, body === undefined ? describe() : valid.message)
  try {
    return { _tag: "Decoded", outcome: decode(valid.value, { status, headers }) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return unexpected("", `The provider failed to decode the response: ${why}`)
  }
}
