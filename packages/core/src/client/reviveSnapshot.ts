import type { ConfigurationError } from "../account/ConfigurationError.ts"
import { accountNamePattern, providerIdPattern } from "../task/namePatterns.ts"
import type { Output, OutputKind, OutputRole } from "../task/Output.ts"
import * as TaskRef from "../task/TaskRef.ts"
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

// Records, so that none is missing.
const kinds: Readonly<Record<OutputKind, true>> = {
  image: true,
  video: true,
  animation: true,
  audio: true,
  model: true
}
const roles: Readonly<Record<OutputRole, true>> = {
  result: true,
  thumbnail: true,
  preview: true,
  watermarked: true
}

const reviveOutput = (output: Output, index: number): Output => {
  const name = `outputs[${index}]`
  if (typeof output !== "object" || output === null) throw invalid(`${name} is not an object`)
  if (!Object.hasOwn(kinds, output.kind)) throw invalid(`${name}.kind is not a kind of media`)
  // Part of a file name.
  if (!Object.hasOwn(roles, output.role)) throw invalid(`${name}.role is not a role`)
  const url: unknown = output.url ?? null
  if (url !== null && (typeof url !== "string" || !URL.canParse(url)))
    throw invalid(`${name}.url is not a URL`)
  return { ...output, url, expiresAt: reviveDate(`${name}.expiresAt`, output.expiresAt) }
}

/**
 * Accepts a snapshot that was written as JSON and parsed again, in which dates are text.
 *
 * @throws {ConfigurationError | InvalidTaskRef} If the value is not a snapshot.
 */
export const reviveSnapshot = (snapshot: TaskSnapshot): TaskSnapshot => {
  if (typeof snapshot.ref !== "string") throw invalid("ref is not text")
  if (!Array.isArray(snapshot.outputs)) throw invalid("outputs is not a list")
  // Parts of a file name.
  const ref = TaskRef.parse(snapshot.ref)
  const { provider = ref.provider, account = ref.account ?? ref.provider } = snapshot as Partial<TaskSnapshot>
  if (!providerIdPattern.test(provider)) throw invalid("provider is not a provider's id")
  if (!accountNamePattern.test(account)) throw invalid("account is not an account's name")
  return {
    ...snapshot,
    provider,
    account,
    id: (snapshot as Partial<TaskSnapshot>).id ?? ref.id,
    createdAt: reviveDate("createdAt", snapshot.createdAt),
    updatedAt: reviveDate("updatedAt", snapshot.updatedAt),
    completedAt: reviveDate("completedAt", snapshot.completedAt),
    outputs: snapshot.outputs.map(reviveOutput),
    // Absent from snapshots of earlier versions.
    queuePosition: snapshot.queuePosition ?? null,
    cost: snapshot.cost ?? null
  }
}
