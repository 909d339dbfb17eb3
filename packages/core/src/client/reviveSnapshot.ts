import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { Output } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { invalidOption } from "../account/invalidOption.ts"

const invalid = (what: string): ConfigurationError =>
  invalidOption(
    "task",
    `Invalid snapshot: ${what}. Pass a snapshot as an operation returned it, or the task's ref.`
  )

/** A date, which is text in a snapshot that was written as JSON. */
const reviveDate = (name: string, value: unknown): Date | null => {
  if (value === null || value === undefined) return null
  const date = value instanceof Date ? value : new Date(typeof value === "string" ? value : Number.NaN)
  if (Number.isNaN(date.getTime())) throw invalid(`${name} is not a date`)
  return date
}

const reviveOutput = (output: Output, index: number): Output => {
  if (typeof output !== "object" || output === null) throw invalid(`outputs[${index}] is not an object`)
  return { ...output, expiresAt: reviveDate(`outputs[${index}].expiresAt`, output.expiresAt) }
}

/**
 * Accepts a snapshot that was written as JSON and parsed again, in which dates are text.
 *
 * @throws {ConfigurationError} If the value is not a snapshot.
 */
export const reviveSnapshot = (snapshot: TaskSnapshot): TaskSnapshot => {
  if (typeof snapshot.ref !== "string") throw invalid("ref is not text")
  if (!Array.isArray(snapshot.outputs)) throw invalid("outputs is not a list")
  return {
    ...snapshot,
    createdAt: reviveDate("createdAt", snapshot.createdAt),
    updatedAt: reviveDate("updatedAt", snapshot.updatedAt),
    completedAt: reviveDate("completedAt", snapshot.completedAt),
    outputs: snapshot.outputs.map(reviveOutput)
  }
}
