/** Cancels a task at its vendor. */
import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { ProviderError } from "../exchange/ProviderError.ts"
import type { QueryFailure } from "../exchange/ProviderError.ts"
import type { TaskQuery } from "../exchange/TaskQuery.ts"
import { taskAttributes } from "../telemetry/attributes.ts"
import { traceOperation } from "../exchange/traceOperation.ts"
import type { CancelOperation, CancelOutcome } from "../provider/CancelOperation.ts"
import type { TaskSnapshot, TerminalSnapshot } from "../task/TaskSnapshot.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import type { SimpleOperation } from "../exchange/decodeOperation.ts"
import { callOperation, toProviderError } from "./callOperation.ts"
import { nameOf } from "../account/nameOf.ts"
import type { SubmitExchange } from "./SubmitContext.ts"

/** The result of a cancel. */
export interface CancelResult {
  /** The ref of the task. */
  readonly ref: string
  /**
   * `canceled`: the vendor has stopped the task. `requested`: it will, and the task's status says when it has. `too-late`:
   * the task has ended, or can no longer be stopped.
   */
  readonly result: "canceled" | "requested" | "too-late"
  /** What the vendor said about it. */
  readonly message: string | null
}

type Operation = CancelOperation<unknown, unknown, unknown>

const requested: CancelOutcome = { _tag: "CancelRequested" }

/** Accepts any JSON, and no JSON at all. */
const anyBody: SimpleOperation<unknown, CancelOutcome>["response"] = {
  "~standard": { version: 1, vendor: "gentask", validate: (value) => ({ value }) }
}

/** Returns how the response to a cancel is decoded. */
export const cancelDecoder = (
  operation: Operation,
  task: TaskQuery["task"]
): SimpleOperation<unknown, CancelOutcome> => ({
  response: operation.response ?? (operation.decode === undefined ? anyBody : undefined),
  decode: (body, head) => operation.decode?.(body, head, task) ?? requested,
  decodeError: (body, head) => operation.decodeError?.(body, head, task),
  isAboutTask: true,
  emptyOutcome: requested
})

/** Returns how an account cancels. @throws {ConfigurationError} If its vendor cannot cancel. */
export const cancelOperationOf = (account: ResolvedAccount): Operation => {
  if (account.spec.cancel !== undefined) return account.spec.cancel
  throw new ConfigurationError({
    reason: { _tag: "UnsupportedOperation", account: nameOf(account), operation: "cancel" },
    message: `${account.spec.title} cannot cancel a task. The task continues, and the vendor charges for it.`
  })
}

/** Describes the request. @throws {ConfigurationError} If the vendor cannot cancel this task. */
const describeCancel = (operation: Operation, { account, task }: TaskQuery): RequestSpec => {
  try {
    return operation.request(task, account.settings)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError({
      reason: { _tag: "UnsupportedOperation", account: nameOf(account), operation: "cancel" },
      message
    })
  }
}

/** The snapshot of a task that was canceled before it ended. The vendor may not know the task anymore. */
const canceledSnapshot = (last: TaskSnapshot): TerminalSnapshot => ({
  ...last,
  status: "canceled",
  rawStatus: null,
  progress: null,
  queuePosition: null,
  failure: { reason: "canceled", code: null, message: null, requestId: null, canResubmit: null }
})

/**
 * Cancels a task.
 *
 * @param query Queries the task first, if the vendor would delete the results of a task that has ended.
 * @param onCanceled Called if the task was queried, and the vendor has canceled it since. Some vendors then delete it, so that
 *   no later query can report its end.
 */
export const cancelTask = <E extends { readonly _tag: string }>(
  task: TaskQuery,
  exchange: SubmitExchange,
  query: Effect.Effect<TaskSnapshot, E>,
  onCanceled: (snapshot: TerminalSnapshot) => void
): Effect.Effect<CancelResult, E | QueryFailure> =>
  traceOperation<CancelResult, E | QueryFailure>(
    "cancel",
    task.account,
    {
      attributes: () => taskAttributes(task.ref, task.id),
      onSuccess: ({ result }) => result,
      onError: (error) => (error instanceof ProviderError ? error.reason._tag : "other")
    },
    cancel(task, exchange, query, onCanceled)
  )

const cancel = <E>(
  task: TaskQuery,
  exchange: SubmitExchange,
  query: Effect.Effect<TaskSnapshot, E>,
  onCanceled: (snapshot: TerminalSnapshot) => void
): Effect.Effect<CancelResult, E | QueryFailure> =>
  Effect.gen(function* () {
    const { account, ref } = task
    const { operation, request } = yield* Effect.try({
      try: () => {
        const operation = cancelOperationOf(account)
        return { operation, request: describeCancel(operation, task) }
      },
      catch: (error) => error as ConfigurationError
    })
    if (task.completesOnSubmit)
      return {
        ref,
        result: "too-late",
        message: "The task ended when it was submitted."
      } satisfies CancelResult
    const last = operation.deletesResults === true ? yield* query : undefined
    if (last !== undefined && isTerminal(last.status))
      return {
        ref,
        result: "too-late",
        message: `The task has ended: ${last.status}.`
      } satisfies CancelResult
    const outcome = yield* callOperation(
      exchange.send(request, new Map()),
      cancelDecoder(operation, task.task),
      account.spec.errors
    ).pipe(Effect.mapError(toProviderError(account, ref)))
    switch (outcome._tag) {
      case "Canceled":
        if (last !== undefined) onCanceled(canceledSnapshot(last))
        return { ref, result: "canceled", message: null } satisfies CancelResult
      case "TooLate":
        return { ref, result: "too-late", message: outcome.message ?? null } satisfies CancelResult
      default:
        return { ref, result: "requested", message: null } satisfies CancelResult
    }
  })
