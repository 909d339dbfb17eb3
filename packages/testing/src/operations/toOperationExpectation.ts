/** The result of an operation, in the JSON form of a recording's `means`. */
import { parseInstant } from "@gentask/core/internal"
import type { ResolvedAccount } from "@gentask/core/internal"
import { firstSnapshots } from "@gentask/core/internal/submit"
import type { FirstSnapshots } from "@gentask/core/internal/submit"
import type { Amount, ListedTask, SubmittedTask } from "@gentask/core/provider"
import { normalizeInstant, toExpectation, toExpectedError, withoutEmpty } from "../recording/Expectation.ts"
import type { ExpectedSnapshot } from "../recording/Expectation.ts"
import type { ExpectedTask, OperationExpectation } from "../recording/OperationRecording.ts"
import { toRecordedUpload } from "./canonicalSpec.ts"
import type { OperationOutcome } from "./openCase.ts"

/** When recorded submits are sent. Times of snapshots that are equal to it are those of core, and not of the vendor. */
const submittedAt = Date.UTC(2000, 0, 1)

/** Returns the refs of accepted tasks, and the snapshot of the first one. */
export const acceptedTasks = (
  account: ResolvedAccount,
  { tasks, draft }: Extract<OperationOutcome, { readonly _tag: "Accepted" }>
): FirstSnapshots => firstSnapshots(account, tasks, draft, { model: "", prompt: null, at: submittedAt })

const accepted = (
  account: ResolvedAccount,
  outcome: Extract<OperationOutcome, { readonly _tag: "Accepted" }>
): OperationExpectation => {
  const { snapshots } = acceptedTasks(account, outcome)
  const refs = snapshots.map(({ ref }) => ref)
  const [first] = snapshots
  if (first === undefined || outcome.draft === undefined) return { accepted: refs }
  const reported = (date: Date | null): Date | null => (date?.getTime() === submittedAt ? null : date)
  const snapshot = toExpectation({
    _tag: "Snapshot",
    snapshot: {
      ...first,
      createdAt: reported(first.createdAt),
      completedAt: reported(first.completedAt)
    },
    pollAfterMs: undefined,
    retryAfterMs: undefined,
    raw: undefined
  }) as ExpectedSnapshot
  return { accepted: refs, snapshot }
}

const toAmount = (amount: Amount | null) =>
  amount === null ? undefined : { amount: amount.amount, unit: amount.unit }

const toTask = (task: ListedTask | SubmittedTask): ExpectedTask => {
  const { id, params, model, prompt, createdAt, idempotencyKey } = task as ListedTask
  const instant = createdAt == null ? null : parseInstant(createdAt)
  return withoutEmpty({
    id,
    params,
    model,
    prompt,
    createdAt: instant?.toISOString(),
    idempotencyKey
  }) as ExpectedTask
}

/** Converts the result of an operation to the JSON form. */
export const toOperationExpectation = (
  account: ResolvedAccount,
  outcome: OperationOutcome,
  httpStatus: number
): OperationExpectation => {
  switch (outcome._tag) {
    case "Accepted":
      return accepted(account, outcome)
    case "Rejected":
      return { rejected: toExpectedError(outcome.reason, httpStatus) }
    case "Retryable":
      return { retryable: toExpectedError(outcome.reason, httpStatus), when: outcome.when }
    case "UnknownOutcome":
      return { unknown: toExpectedError(outcome.reason, httpStatus) }
    case "Canceled":
      return { canceled: "canceled" }
    case "CancelRequested":
      return { canceled: "requested" }
    case "TooLate":
      return outcome.message == null
        ? { canceled: "too-late" }
        : { canceled: "too-late", message: outcome.message }
    case "Uploaded":
      return { reference: outcome.reference }
    case "SendTo":
      return { reference: outcome.reference, sendTo: toRecordedUpload(outcome.request) }
    case "Balance":
      return {
        balance: withoutEmpty({ available: toAmount(outcome.available), used: toAmount(outcome.used) })
      }
    case "Tasks":
      return { tasks: outcome.tasks.map(toTask), isComplete: outcome.isComplete }
    case "TaskUpdated":
      return { updated: toTask(outcome.task) }
    case "Respond":
      return { respond: outcome.body }
    case "Ignored":
      return { ignored: true }
    default:
      return { fault: toExpectedError(outcome.reason, httpStatus) }
  }
}

/** Returns a hand-written expectation in the form that `toOperationExpectation` writes. */
export const normalizeOperationExpectation = (expectation: OperationExpectation): OperationExpectation => {
  const normalizeTask = (task: ExpectedTask): ExpectedTask =>
    withoutEmpty({ ...task, createdAt: normalizeInstant(task.createdAt) }) as ExpectedTask
  if ("tasks" in expectation) return { ...expectation, tasks: expectation.tasks.map(normalizeTask) }
  if ("updated" in expectation) return { updated: normalizeTask(expectation.updated) }
  if ("snapshot" in expectation && expectation.snapshot !== undefined) {
    const { createdAt, updatedAt } = expectation.snapshot
    const snapshot = withoutEmpty({
      ...expectation.snapshot,
      createdAt: normalizeInstant(createdAt),
      updatedAt: normalizeInstant(updatedAt)
    }) as ExpectedSnapshot
    return { ...expectation, snapshot }
  }
  return expectation
}
