import type { StandardSchemaV1 } from "@standard-schema/spec"
import { jsonObject } from "./jsonObject.ts"

/** A valid value, or the path and the message of the first problem. */
export type Validated<A> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly path: string; readonly message: string }

const formatPath = (issue: StandardSchemaV1.Issue): string =>
  (issue.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment)).join(".")

/** Validates a value with a Standard Schema of any library. Asynchronous schemas are not supported. */
export const validate = <A>(schema: StandardSchemaV1<unknown, A>, value: unknown): Validated<A> => {
  const result = schema["~standard"].validate(value)
  if (result instanceof Promise) {
    result.catch(() => undefined)
    return {
      ok: false,
      path: "",
      message: "the schema validates asynchronously, which the provider contract does not allow"
    }
  }
  if (result.issues === undefined) return { ok: true, value: result.value }
  const issue = result.issues[0]
  return issue === undefined
    ? { ok: false, path: "", message: "invalid value" }
    : { ok: false, path: formatPath(issue), message: issue.message }
}

/** Validates a response. Without a schema, it must be a JSON object. */
export const validateResponse = <Body>(
  schema: StandardSchemaV1<unknown, Body> | undefined,
  body: unknown
): Validated<Body> =>
  // Without a schema, the body of an operation is a JSON object.
  validate(
    schema ?? (jsonObject as StandardSchemaV1<unknown, unknown> as StandardSchemaV1<unknown, Body>),
    body
  )
