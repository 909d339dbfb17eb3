/** Decides whether a changed response may have the outcome that it has. */
import type { Amount } from "@gentask/core/provider"
import { descendants } from "../json/JsonNode.ts"
import type { OperationOutcome } from "./openCase.ts"

/** What the changed members of a response are set to, as texts. */
const substitutes: ReadonlyArray<string> = ["x", "7919", "100"]

/** Whether an identifier is a changed member, such as `7919`, or `file://7919` if the recorded one is `file://1234`. */
const isSubstitute = (identifier: unknown, known: ReadonlySet<unknown>): boolean =>
  substitutes.some((substitute) => {
    const text = String(identifier)
    if (!text.endsWith(substitute)) return false
    const prefix = text.slice(0, -substitute.length)
    return prefix === "" || [...known].some((each) => String(each).startsWith(prefix))
  })

/** What an outcome identifies: task ids, or the reference of a file. */
const identifiers = (outcome: OperationOutcome): ReadonlyArray<unknown> => {
  switch (outcome._tag) {
    case "Accepted":
    case "Tasks":
      return outcome.tasks.map(({ id }) => id)
    case "Uploaded":
    case "SendTo":
      return [outcome.reference]
    case "TaskUpdated":
      return [outcome.task.id]
    default:
      return []
  }
}

const amounts = (outcome: OperationOutcome): ReadonlyArray<Amount> =>
  outcome._tag === "Balance" ? [outcome.available, outcome.used].filter((each) => each !== null) : []

const toNumber = ({ amount }: Amount): number => amount

/** Outcomes that a changed response must not have, unless the recorded one has it. */
const effects: ReadonlySet<OperationOutcome["_tag"]> = new Set([
  "Accepted",
  "Retryable",
  "Canceled",
  "TooLate",
  "Uploaded",
  "SendTo",
  "Balance",
  "Tasks",
  "TaskUpdated"
])

const isUpload = (tag: OperationOutcome["_tag"]): boolean => tag === "Uploaded" || tag === "SendTo"

/** A response with one changed member. */
interface ChangedResponse {
  readonly status: number
  readonly body: unknown
  /** Whether the change is a missing element of a list, so that a shorter list is right. */
  readonly isElement: boolean
}

/**
 * Compares the outcome of a changed response with that of the recorded one.
 *
 * @param response The changed response.
 * @returns What is wrong, or undefined.
 */
export const unexpectedEffect = (
  before: OperationOutcome,
  after: OperationOutcome,
  { status, body, isElement }: ChangedResponse
): string | undefined => {
  const { _tag: tag } = after
  // An HTTP error without a task id is a rejection.
  const expected = ["Accepted", "UnknownOutcome", ...(status < 300 ? [] : ["Rejected"])]
  if (before._tag === "Accepted" && !expected.includes(tag)) {
    return `it is ${tag}, but the vendor may have created the task. Return unknownOutcome.`
  }
  if (tag !== before._tag && effects.has(tag) && !(isUpload(tag) && isUpload(before._tag))) {
    return `it is ${tag}, but the recorded response is ${before._tag}. Decide by the member that the vendor documents.`
  }
  const known = new Set(identifiers(before))
  const other = identifiers(after).find((each) => !known.has(each) && !isSubstitute(each, known))
  if (other !== undefined) {
    return `it has the id or reference ${JSON.stringify(other)}, which the recorded response does not mean. Read it from the documented member only.`
  }
  const values = new Set([...descendants(body).map(({ value }) => value), ...amounts(before).map(toNumber)])
  // Number(null) is 0, and Number(true) is 1.
  const isMadeUp = (amount: number): boolean => (amount === 0 || amount === 1) && !values.has(amount)
  const wrong = amounts(after).find(
    ({ amount, unit }) => !Number.isFinite(amount) || unit === "" || isMadeUp(amount)
  )
  if (wrong !== undefined) {
    return `it reports the amount ${wrong.amount}. Report null if the amount is not a number.`
  }
  if (before._tag === "Tasks" && after._tag === "Tasks" && after.isComplete && !isElement) {
    return after.tasks.length < before.tasks.length
      ? "it is a complete list without a task of the recorded one, so core would conclude that the submit created no task. Set isComplete to false if an entry cannot be read."
      : undefined
  }
  return undefined
}
