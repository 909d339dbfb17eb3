import type { StandardSchemaV1 } from "@standard-schema/spec"

/** A JSON object of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The schema of a JSON object with any members: the default of `response` in all operations. Read its members with functions
 * such as `firstStringAt`.
 */
export const jsonObject: StandardSchemaV1<unknown, JsonObject> = {
  "~standard": {
    version: 1,
    vendor: "gentask",
    validate: (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? { value: value as JsonObject }
        : { issues: [{ message: "expected a JSON object" }] }
  }
}
