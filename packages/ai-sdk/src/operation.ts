/** The operation of a video, which an app may store between `doStart` and `doStatus`. */
import type { JSONValue } from "@ai-sdk/provider"

/** The tasks of one start. */
export interface Operation {
  readonly refs: ReadonlyArray<string>
  /** When they were submitted, in milliseconds since 1970. Undefined for tasks that were not created by this call. */
  readonly submittedAt?: number | undefined
  /**
   * Whether the AI SDK queries the tasks only once, after their webhook. The query then waits: the results may not be saved
   * yet, and a pending status would be an error.
   */
  readonly isNotified?: boolean | undefined
}

/** Formats an operation as JSON. It contains no secret. */
export const formatOperation = ({ refs, submittedAt, isNotified }: Operation): JSONValue => ({
  ref: refs[0] ?? "",
  refs: [...refs],
  ...(submittedAt === undefined ? {} : { submittedAt: new Date(submittedAt).toISOString() }),
  ...(isNotified === true ? { isNotified } : {})
})

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Parses an operation, or a task ref. @throws {TypeError} If it is neither. */
export const parseOperation = (operation: JSONValue): Operation => {
  if (typeof operation === "string" && operation !== "") return { refs: [operation] }
  const { refs, submittedAt, isNotified } = isObject(operation) ? operation : {}
  if (!Array.isArray(refs) || refs.length === 0 || !refs.every((ref) => typeof ref === "string"))
    throw new TypeError("Invalid operation: expected one that doStart has returned, or a task ref.")
  const time = typeof submittedAt === "string" ? Date.parse(submittedAt) : Number.NaN
  return { refs, submittedAt: Number.isNaN(time) ? undefined : time, isNotified: isNotified === true }
}
