import type { StandardSchemaV1 } from "@standard-schema/spec"

/** A JSON object of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Checks whether a JSON value is an object, and not an array. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * The schema of a JSON object with any members: the default of `response` in all operations. Read its members with functions
 * such as `firstStringAt`.
 */
export const jsonObject: StandardSchemaV1<unknown, JsonObject> = {
  "~standard": {
    version: 1,
    vendor: "gentask",
    validate: (value) =>
      isJsonObject(value) ? { value } : { issues: [{ message: "expected a JSON object" }] }
  }
}
