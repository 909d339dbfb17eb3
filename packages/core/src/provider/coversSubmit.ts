import type { LostSubmit } from "./RecoverOperation.ts"
import type { ResponseHead } from "./ResponseHead.ts"

/**
 * Checks whether a list that has the tasks of the last time only has that of a submit. The clock is the vendor's.
 *
 * @param head The head of the response. Without a `date`, the list may not have the time of the submit.
 * @param submit The submit.
 * @param lifetimeMs How long the vendor lists a task, in milliseconds.
 */
export const coversSubmit = (
  { headers }: ResponseHead,
  { submittedAt }: LostSubmit,
  lifetimeMs: number
): boolean => Date.parse(headers["date"] ?? "") - submittedAt.getTime() < lifetimeMs
