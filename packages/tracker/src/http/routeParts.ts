import * as OpenApi from "effect/http-api/OpenApi"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Schema from "effect/Schema"
import * as P from "./problems.ts"

/** Describes a route in the OpenAPI document. */
export const describe = (summary: string, description = `${summary}.`) =>
  OpenApi.annotations({ summary, description })

/** An optional text in the query or in a header. The message of the error says what is allowed. */
export const patternText = (pattern: RegExp, expected: string, description: string) =>
  Schema.optionalKey(
    Schema.String.check(Schema.isPattern(pattern, { message: `Expected ${expected}.` })).annotate({
      description
    })
  )

/** A position in the stream of events. */
export const positionText = (description: string) =>
  patternText(/^\d{1,16}$/, "the position of an event, such as 0", description)

/** For how long a request may wait. */
export const waitText = patternText(
  /^(?:[0-5]?\d|60)$/,
  "0 to 60 seconds",
  "For how many seconds to wait. At most 60."
)

/** The problems of routes with a body. */
export const bodyProblems = [P.BodyTooLarge, P.UnsupportedMediaType] as const

/** A text in a format of its own. */
export const textOf = (contentType: string) => Schema.String.pipe(HttpApiSchema.asText({ contentType }))

/** Checks whether text can be the id of a submit or an endpoint. Databases reject some other texts. */
export const isId = (text: string): boolean => /^[\w-]{1,100}$/.test(text)

const idempotencyKeyPattern = /^[!-~]{1,255}$/

/** The header that identifies a submit. */
export const idempotencyKeyText = Schema.optionalKey(
  Schema.String.check(Schema.isPattern(idempotencyKeyPattern)).annotate({
    description: "Identifies the submit: 1 to 255 visible ASCII characters. Send the same key when you retry."
  })
)

/** Checks whether text can be an idempotency key. */
export const isIdempotencyKey = (text: string): boolean => idempotencyKeyPattern.test(text)
