import type { ClientClosed, InvalidTaskRef, SubmitAborted, Submitted } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import { onInterrupt } from "../process/signals.ts"
import type { RecordedSubmitError } from "@gentask/core/internal"
import type { PreparedRequest } from "./prepareRequests.ts"
import type { SubmitReporter, SubmittedRequest } from "./SubmitReporter.ts"

type SubmitFailure = RecordedSubmitError | SubmitAborted | InvalidTaskRef | ClientClosed

/** How many requests of a batch are sent at the same time. The rate budget of each account also applies. */
export const submitConcurrency = 4

/**
 * Runs a submit, and reports the outcome.
 *
 * @returns The refs of its tasks. Empty if the submit failed.
 */
export const reportSubmit = <R>(
  prepared: SubmittedRequest,
  submitting: Effect.Effect<Submitted, SubmitFailure, R>,
  reporter: SubmitReporter
): Effect.Effect<ReadonlyArray<string>, never, R> =>
  Effect.suspend(() => {
    const removeCallback = onInterrupt(() =>
      reporter.warn(
        "A submit was interrupted, and the vendor may have created its task. To find out: gentask reconcile"
      )
    )
    return submitting.pipe(
      Effect.ensuring(Effect.sync(removeCallback)),
      Effect.match({
        onSuccess: (submitted: Submitted) => {
          reporter.submitted(prepared, submitted)
          return submitted.refs
        },
        onFailure: (error) => {
          // The account was checked, no signal can abort the submit, and the client is closed only after an interruption.
          if (
            error._tag !== "SubmitAborted" &&
            error._tag !== "InvalidTaskRef" &&
            error._tag !== "ClientClosed"
          )
            reporter.failed(prepared, error satisfies RecordedSubmitError)
          return []
        }
      })
    )
  })

/** Submits a request, and reports the outcome. Returns the refs of its tasks, or none if the submit failed. */
export const submitRequest = (
  prepared: PreparedRequest,
  reporter: SubmitReporter
): Effect.Effect<ReadonlyArray<string>, never, Tasks> =>
  reportSubmit(
    prepared,
    Tasks.use(({ submit }) => submit(prepared.request)),
    reporter
  )
