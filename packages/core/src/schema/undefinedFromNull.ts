import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** A member that is `undefined` in the decoded value, and null in JSON. */
export const undefinedFromNull = <A, E>(schema: Schema.Codec<A, E>) =>
  Schema.NullOr(schema).pipe(
    Schema.decodeTo(
      Schema.UndefinedOr(Schema.toType(schema)),
      SchemaTransformation.transform<A | undefined, A | null>({
        decode: (value) => (value === null ? undefined : value),
        encode: (value) => (value === undefined ? null : value)
      })
    )
  )
