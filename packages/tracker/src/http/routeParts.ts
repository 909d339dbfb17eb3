import * as OpenApi from "effect/http-api/OpenApi"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Schema from "effect/Schema"
import * as P from "./problems.ts"

/** Describes a route in the OpenAPI document. */
export const describe = (summary: string, description = `${summary}.`) =>
  OpenApi.annotations({ summary, description })

/** A number in the query or in a header. */
export const numberText = (description: string) =>
  Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\d{1,16}$/)).annotate({ description }))

/** The problems of routes with a body. */
export const bodyProblems = [P.BodyTooLarge, P.UnsupportedMediaType] as const

/** A text in a format of its own. */
export const textOf = (contentType: string) => Schema.String.pipe(HttpApiSchema.asText({ contentType }))

/** Checks whether text can be the id of a submit or an endpoint. Databases reject some other texts. */
export const isId = (text: string): boolean => /^[\w-]{1,100}$/.test(text)
