/** Parses task scripts and explains what is wrong with an invalid one. */
import { inspect } from "node:util"
import type * as z from "zod"
// Not z.core: esbuild would keep all of that namespace, including every locale.
import { toDotPath } from "zod/v4/core"
import { taskScriptSchema } from "./TaskScript.ts"
import type { TaskScript } from "./TaskScript.ts"
import { brokenVendorRules } from "./vendorRules.ts"

/**
 * The task cannot be added: its script is invalid, or its id is already in use. The message names each invalid field
 * and what is expected there.
 */
export class TaskScriptError extends Error {
  /** Identifies the class, also across copies of the package. */
  override readonly name = "TaskScriptError"
}

const schema = taskScriptSchema.superRefine((script, context) => {
  for (const { path, message } of brokenVendorRules(script)) {
    context.addIssue({ code: "custom", path, message })
  }
})

const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((value, key) => (Object(value) as Readonly<Record<PropertyKey, unknown>>)[key], root)

const describe = ({ path, message }: z.core.$ZodIssue, script: unknown): string => {
  const field = path.length === 0 ? "" : `${toDotPath(path)}: `
  // Zod's own messages read like "Too small: expected number to be >=1". Some end in the type of the value.
  const expectation = /^(?:[\w ]+: )?(expected .*?)(?:, received .*)?$/s.exec(message)?.[1]
  if (expectation === undefined) return field + message
  return `${field}${expectation}, received ${inspect(valueAt(script, path), { depth: 1 }).slice(0, 100)}`
}

/**
 * Parses a script. `name` says in the error what it is.
 *
 * @throws {TaskScriptError} If the script is invalid.
 */
export const parseScript = <Script>(schema: z.ZodType<Script>, script: unknown, name: string): Script => {
  const { success, data, error } = schema.safeParse(script)
  if (success) return data
  const problems = error.issues.map((issue) => describe(issue, script)).join("; ")
  throw new TaskScriptError(`Invalid ${name}: ${problems}.`)
}

/**
 * Parses the script of a task.
 *
 * @throws {TaskScriptError} If the script is invalid.
 */
export const parseTaskScript = (script: unknown): TaskScript => parseScript(schema, script, "task script")
