import type { SubmitOutcome } from "./SubmitOutcome.ts"
import { unknownOutcome } from "./SubmitOutcome.ts"
import { unexpectedResponse } from "./unexpectedResponse.ts"

/**
 * Returns the outcome of a submit whose response has no task id: whether there is a task is unknown.
 *
 * ```ts
 * const id = firstStringAt(body, "task_id")
 * return id === undefined ? withoutTaskId(body, "task_id") : accepted({ id })
 * ```
 *
 * @param body The response.
 * @param path The dotted path of the id.
 * @param message The message, if the response has none. @default "The response has no task id"
 */
export const withoutTaskId = (
  body: unknown,
  path: string,
  message = "The response has no task id"
): SubmitOutcome => unknownOutcome(unexpectedResponse(body, path, message))
