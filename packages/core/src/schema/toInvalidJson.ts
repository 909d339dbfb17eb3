import type { SchemaError } from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { InvalidJson } from "./InvalidJson.ts"

const listIssues = SchemaIssue.makeFormatterStandardSchemaV1()

/** Describes the first problem of a value that does not match its codec. */
export const toInvalidJson = (error: SchemaError, title: string): InvalidJson => {
  const [issue] = listIssues(error.issue).issues
  const path = (issue?.path ?? []).map(String).join(".")
  const problem = (issue?.message ?? error.message).replace(/^[A-Z]/, (letter) => letter.toLowerCase())
  const message = `Invalid ${title}${path === "" ? "" : ` at ${path}`}: ${problem}.`
  return new InvalidJson({ path, message }, { cause: error })
}
