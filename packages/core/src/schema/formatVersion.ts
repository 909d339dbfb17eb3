import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

const Version = Schema.Literal(1).annotate({
  message: "this version of gentask supports only version 1 of the format. Update gentask"
})

/** The member `version` of a document: written on encode, optional on decode, and absent from the decoded value. */
export const formatVersion = Schema.optionalKey(Version).pipe(
  Schema.decodeTo(Schema.optionalKey(Schema.Never), {
    decode: SchemaGetter.omit(),
    encode: SchemaGetter.transformOptional(() => Option.some(1 as const))
  })
)
