/** Validation by any library that speaks Standard Schema: zod, valibot, arktype, Effect's own and others. */
import type { StandardSchemaV1 } from "@standard-schema/spec"

/** A value that fits, or where it does not fit and why. */
export type Validated<A> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly path: string; readonly message: string }

const formatPath = (issue: StandardSchemaV1.Issue): string =>
  (issue.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment)).join(".")

/** Validates a value at once: a schema that answers with a promise does not fit the plugin contract. */
export const validate = <A>(schema: StandardSchemaV1<unknown, A>, value: unknown): Validated<A> => {
  const result = schema["~standard"].validate(value)
  if (result instanceof Promise) {
    result.catch(() => undefined)
    return {
      ok: false,
      path: "",
      message: "the schema validates asynchronously, which the contract does not allow"
    }
  }
  if (result.issues === undefined) return { ok: true, value: result.value }
  const issue = result.issues[0]
  return issue === undefined
    ? { ok: false, path: "", message: "does not fit" }
    : { ok: false, path: formatPath(issue), message: issue.message }
}
