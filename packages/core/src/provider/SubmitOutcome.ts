import type { ErrorReason } from "./ErrorReason.ts"
import type { SnapshotDraft } from "./SnapshotDraft.ts"

/** A task that the vendor created: what its ref needs besides the provider and the account. */
export interface SubmittedTask {
  /** The vendor's task id. */
  readonly id: string
  /** The params of the ref: what a query needs again. @default no params */
  readonly params?: Readonly<Record<string, string>> | undefined
}

/**
 * What the response to a submit means. A task costs money, so "the vendor created no task" and "it is not known whether
 * there is a task" are different outcomes.
 */
export type SubmitOutcome =
  /** The vendor created one task or more. `draft` is what the response says about the first one. */
  | {
      readonly _tag: "Accepted"
      readonly tasks: ReadonlyArray<SubmittedTask>
      readonly draft?: SnapshotDraft | undefined
    }
  /** The vendor created no task, and will not accept the same request later. */
  | { readonly _tag: "Rejected"; readonly reason: ErrorReason }
  /** The vendor documents that it created no task, and that the same request may be sent again. */
  | {
      readonly _tag: "Retryable"
      readonly reason: ErrorReason
      /** When to send it again: after a delay, or after another task of the account has ended. */
      readonly when: "later" | "after-task-end"
    }
  /** It is not known whether the vendor created a task. */
  | { readonly _tag: "UnknownOutcome"; readonly reason: ErrorReason }

/**
 * The vendor created a task, or several for one request.
 *
 * ```ts
 * decode: ({ data }) => accepted({ id: data.task_id, params: { kind: "video" } })
 * ```
 *
 * @param tasks The task, or the tasks in the vendor's order.
 * @param draft What the response says about the first task. Its outputs and its end count only if the task cannot be
 *   queried: see `query.completesOnSubmit`. @default nothing but that it is queued
 */
export const accepted = (
  tasks: SubmittedTask | ReadonlyArray<SubmittedTask>,
  draft?: SnapshotDraft
): SubmitOutcome => ({ _tag: "Accepted", tasks: "id" in tasks ? [tasks] : tasks, draft })

/**
 * The vendor created no task, and will not accept the same request later: an invalid input, a rejected key, no credit.
 *
 * ```ts
 * if (code === "20002") return rejected({ _tag: "InvalidRequest", code, message: body.msg })
 * ```
 *
 * @param reason Why.
 */
export const rejected = (reason: ErrorReason): SubmitOutcome => ({ _tag: "Rejected", reason })

/**
 * The vendor documents that it created no task, and that the same request may be sent again, such as after a rate limit.
 *
 * ```ts
 * if (code === 50430) return retryable({ _tag: "RateLimited", code }, "after-task-end")
 * ```
 *
 * @param reason Why. Its `retryAfterMs` is the minimum delay.
 * @param when After a delay, or after another task of the account has ended, as for a limit of concurrent tasks.
 *   @default "later"
 */
export const retryable = (
  reason: ErrorReason,
  when: "later" | "after-task-end" = "later"
): SubmitOutcome => ({ _tag: "Retryable", reason, when })

/**
 * It is not known whether the vendor created a task. Core does not send the request again, unless the vendor documents an
 * idempotency key.
 *
 * ```ts
 * return unknownOutcome({ _tag: "Unavailable", code, message: body.msg })
 * ```
 *
 * @param reason What the response says.
 */
export const unknownOutcome = (reason: ErrorReason): SubmitOutcome => ({ _tag: "UnknownOutcome", reason })
