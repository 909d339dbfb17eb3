/** Sends the request of an operation that creates nothing, and decodes its response. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ReceivedResponse } from "../exchange/decodeResponse.ts"
import { describeBody } from "../exchange/describeBody.ts"
import { notJson, parseBody } from "../exchange/parseBody.ts"
import { errorFromStatus } from "../provider/errorFromStatus.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { readErrorDetail } from "../provider/readErrorDetail.ts"
import type { ResponseHead } from "../provider/ResponseHead.ts"
import { validate } from "../provider/validate.ts"
import type { SendFailure } from "./SubmitContext.ts"

/** How to decode the response of an operation. */
export interface OperationDecoder<Body, Outcome> {
  readonly response: StandardSchemaV1<unknown, Body>
  readonly decode: (
    body: Body,
    head: ResponseHead
  ) => Outcome | { readonly _tag: "Error"; readonly reason: ErrorReason }
  readonly decodeError?:
    | ((
        body: Body,
        head: ResponseHead
      ) => Outcome | { readonly _tag: "Error"; readonly reason: ErrorReason } | undefined)
    | undefined
}

/** A decoded response, or why it could not be decoded. */
export type Decoded<Outcome> = Outcome | { readonly _tag: "Error"; readonly reason: ErrorReason }

/** Decodes a response: HTTP status, JSON, schema, and then the provider. A provider that throws is an unexpected response. */
export const decodeOperation = <Body, Outcome>(
  decoder: OperationDecoder<Body, Outcome>,
  response: ReceivedResponse,
  apiKey: string
): Decoded<Outcome> => {
  const { status, headers, text } = response
  const head = { status, headers }
  const error = (reason: ErrorReason): Decoded<Outcome> => ({ _tag: "Error", reason })
  const unexpected = (message: string | undefined, path = ""): Decoded<Outcome> =>
    error({ _tag: "UnexpectedResponse", path, message, httpStatus: status })
  try {
    const body = parseBody(text, apiKey)
    const quoted = body === notJson ? describeBody(text, headers["content-type"], apiKey) : undefined
    const valid = body === notJson ? undefined : validate(decoder.response, body)
    if (status < 200 || status >= 300) {
      const own = valid?.ok === true ? decoder.decodeError?.(valid.value, head) : undefined
      const detail = quoted === undefined ? readErrorDetail(body) : { message: quoted }
      return own ?? error(errorFromStatus(status, { ...detail, httpStatus: status }) as ErrorReason)
    }
    if (valid === undefined) return unexpected(quoted)
    return valid.ok ? decoder.decode(valid.value, head) : unexpected(valid.message, valid.path)
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    return unexpected(`The provider failed to decode the response: ${why}`)
  }
}

/** Sends a request and decodes its response. Fails with the reason of an error. */
export const callOperation = <Body, Outcome extends { readonly _tag: string }>(
  sent: Effect.Effect<ReceivedResponse, SendFailure | ConfigurationError>,
  decoder: OperationDecoder<Body, Outcome>,
  apiKey: string
): Effect.Effect<Exclude<Outcome, { readonly _tag: "Error" }>, ErrorReason | ConfigurationError> =>
  Effect.matchEffect(sent, {
    onFailure: (failure) => Effect.fail(failure._tag === "SendFailure" ? failure.reason : failure),
    onSuccess: (response) => {
      const decoded = decodeOperation(decoder, response, apiKey)
      return decoded._tag === "Error"
        ? Effect.fail((decoded as { readonly reason: ErrorReason }).reason)
        : Effect.succeed(decoded as Exclude<Outcome, { readonly _tag: "Error" }>)
    }
  })
