import type { StandardSchemaV1 } from "@standard-schema/spec"

/** A JSON object of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The schema of a response that is a JSON object, with any members. For responses that are read member by member, with
 * functions such as `firstStringAt`.
 *
 * ```ts
 * const balance: BalanceOperation<unknown, JsonObject> = {
 *   request: () => ({ method: "GET", path: "/credits" }),
 *   response: jsonObject,
 *   decode: (body) => …
 * }
 * ```
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
