import * as Schema from "effect/Schema"
import { definedKey } from "./definedKey.ts"
import { unknownTag } from "./unknownTag.ts"

const detail = {
  message: definedKey(Schema.NullOr(Schema.String)),
  code: definedKey(Schema.NullOr(Schema.String)),
  httpStatus: definedKey(Schema.Finite),
  requestId: definedKey(Schema.NullOr(Schema.String))
}

const retryAfterMs = definedKey(Schema.Finite)

/** Decodes the reason of a `ProviderError` from its JSON, which has the same members. */
export const ErrorReasonFromJson = Schema.TaggedUnion({
  Unauthorized: detail,
  InsufficientCredits: detail,
  Forbidden: detail,
  TaskNotFound: detail,
  InvalidRequest: detail,
  RateLimited: { ...detail, retryAfterMs },
  Unavailable: { ...detail, retryAfterMs },
  Unreachable: detail,
  RequestTimedOut: detail,
  UnexpectedResponse: { ...detail, path: Schema.String },
  ResponseTooLarge: detail
}).annotate({ ...unknownTag, identifier: "ErrorReason" })
