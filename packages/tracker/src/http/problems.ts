/** The problems of RFC 9457 that the HTTP API responds with. Their types are documented in docs/tracker-api.md. */
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as Schema from "effect/Schema"
import type { ErrorJson } from "@gentask/core/schema"
import { problemTypePrefix } from "../api/ProblemJson.ts"

const problemType = <Name extends string>(name: Name): `${typeof problemTypePrefix}${Name}` =>
  `${problemTypePrefix}${name}`

/** The JSON of an error of gentask. */
export const ErrorSchema = Schema.StructWithRest(
  Schema.Struct({ _tag: Schema.String, message: Schema.String }),
  [Schema.Record(Schema.String, Schema.Unknown)]
).annotate({
  identifier: "Error",
  description: "An error of gentask. _tag says which one."
}) as unknown as Schema.Codec<ErrorJson>

const error = { error: ErrorSchema }

const issues = {
  errors: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        path: Schema.Array(Schema.Union([Schema.String, Schema.Number])),
        message: Schema.String
      })
    )
  )
}

export class InvalidRequest extends HttpApiError.Problem<InvalidRequest>()(
  "InvalidRequest",
  { type: problemType("invalid-request"), status: 400, title: "The request is invalid" },
  issues
) {}

export class Unauthorized extends HttpApiError.Problem<Unauthorized>()("Unauthorized", {
  type: problemType("unauthorized"),
  status: 401,
  title: "The token is missing or invalid"
}) {}

export class Forbidden extends HttpApiError.Problem<Forbidden>()(
  "Forbidden",
  { type: problemType("forbidden"), status: 403, title: "The token lacks the scope" },
  { scope: Schema.String }
) {}

export class NotFound extends HttpApiError.Problem<NotFound>()("NotFound", {
  type: problemType("not-found"),
  status: 404,
  title: "There is no such resource"
}) {}

export class MethodNotAllowed extends HttpApiError.Problem<MethodNotAllowed>()("MethodNotAllowed", {
  type: problemType("method-not-allowed"),
  status: 405,
  title: "The resource does not support the method"
}) {}

export class NotRetryable extends HttpApiError.Problem<NotRetryable>()("NotRetryable", {
  type: problemType("not-retryable"),
  status: 409,
  title: "The request of the task cannot be submitted again"
}) {}

/** 409 and not 5xx, since HTTP clients send requests again after a 5xx, and a submit must not be repeated. */
export class OutcomeUnknown extends HttpApiError.Problem<OutcomeUnknown>()(
  "OutcomeUnknown",
  {
    type: problemType("submit-outcome-unknown"),
    status: 409,
    title: "It is unknown whether the vendor created a task"
  },
  { submit: Schema.String, ...error }
) {}

export class BodyTooLarge extends HttpApiError.Problem<BodyTooLarge>()("BodyTooLarge", {
  type: problemType("body-too-large"),
  status: 413,
  title: "The body of the request is too large"
}) {}

export class UnsupportedMediaType extends HttpApiError.Problem<UnsupportedMediaType>()(
  "UnsupportedMediaType",
  {
    type: problemType("unsupported-media-type"),
    status: 415,
    title: "The media type of the request is not supported"
  }
) {}

export class RangeNotSatisfiable extends HttpApiError.Problem<RangeNotSatisfiable>()("RangeNotSatisfiable", {
  type: problemType("range-not-satisfiable"),
  status: 416,
  title: "The file does not have the range"
}) {}

export class InvalidInput extends HttpApiError.Problem<InvalidInput>()(
  "InvalidInput",
  { type: problemType("invalid-input"), status: 422, title: "The input is invalid. Nothing was sent" },
  error
) {}

export class KeyReused extends HttpApiError.Problem<KeyReused>()("KeyReused", {
  type: problemType("idempotency-key-reused"),
  status: 422,
  title: "The idempotency key belongs to another request"
}) {}

export class Rejected extends HttpApiError.Problem<Rejected>()(
  "Rejected",
  { type: problemType("submit-rejected"), status: 422, title: "The vendor created no task" },
  { submit: Schema.String, ...error }
) {}

export class Internal extends HttpApiError.Problem<Internal>()("Internal", {
  type: problemType("internal"),
  status: 500,
  title: "The tracker failed"
}) {}

export class VendorFailed extends HttpApiError.Problem<VendorFailed>()(
  "VendorFailed",
  { type: problemType("vendor-failed"), status: 502, title: "The vendor could not be reached or refused" },
  error
) {}

export class Unavailable extends HttpApiError.Problem<Unavailable>()("Unavailable", {
  type: problemType("unavailable"),
  status: 503,
  title: "The tracker is not available now"
}) {}

/** A problem of any kind. */
export type AnyProblem =
  | BodyTooLarge
  | Forbidden
  | Internal
  | InvalidInput
  | InvalidRequest
  | KeyReused
  | MethodNotAllowed
  | NotFound
  | NotRetryable
  | OutcomeUnknown
  | RangeNotSatisfiable
  | Rejected
  | Unauthorized
  | Unavailable
  | UnsupportedMediaType
  | VendorFailed

/** The problems that every endpoint with a token may respond with. */
export const commonProblems = [InvalidRequest, Internal, Unavailable] as const
