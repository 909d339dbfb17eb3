import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import type { GentaskError } from "../task/GentaskError.ts"
import { isGentaskError } from "../task/GentaskError.ts"

/** Sets the message of the JSON, which differs if another version of gentask wrote it. */
const withMessage = <E extends GentaskError>(error: E, message: string): E => {
  if (error.message === message) return error
  error.stack = error.stack?.replace(error.message, () => message) ?? message
  error.message = message
  return error
}

/** The members that the JSON of every error begins with. */
export const errorFields = <const Tag extends string>(tag: Tag) => ({
  _tag: Schema.Literal(tag),
  message: Schema.String
})

/**
 * Creates the codec of an error class.
 *
 * @param json The codec of the error's fields.
 * @param tag The `_tag` of the class.
 * @param make Creates the error from its fields.
 */
export const errorCodec = <
  Json extends Schema.Codec<{ readonly message: string }, object>,
  E extends GentaskError & Json["Type"]
>(
  json: Json,
  tag: E["_tag"],
  make: (fields: Json["Type"]) => E
) => {
  // Not `instanceof`: another copy of this package may have created the error.
  const isError = (value: unknown): value is E => isGentaskError(value) && value._tag === tag
  return json.pipe(
    Schema.decodeTo(
      Schema.declare(isError, { message: "expected an error of gentask" }),
      SchemaTransformation.transform<E, Json["Type"]>({
        decode: (fields) => withMessage(make(fields), fields.message),
        encode: (error) => error
      })
    )
  )
}
