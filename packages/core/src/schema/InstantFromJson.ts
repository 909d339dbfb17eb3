import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

// Years outside of 0 to 9999 have a sign and six digits. `Date` formats them like that, and parses nothing else.
const iso8601 = /^(?:\d{4}|[+-]\d{6})-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/

const message = "expected an instant in ISO 8601, such as 2025-10-06T15:13:51.000Z"

/** A `Date` as ISO 8601 text. Encodes in UTC, and decodes any offset. */
export const InstantFromJson = Schema.String.annotate({ message, format: "date-time" })
  .check(Schema.isPattern(iso8601, { message }))
  .pipe(Schema.decodeTo(Schema.Date.annotate({ message }), SchemaTransformation.dateFromString))
