import { Tasks } from "@gentask/core/effect"
import type { ConfigurationError, Settled } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { saveConcurrency, saveOutputs } from "./saveOutputs.ts"
import type { SaveOutputsOptions } from "./saveOutputs.ts"
import type { TaskSession } from "./TaskSession.ts"

/** Options of `waitForTasks`. */
export interface WaitForTasksOptions {
  /** In milliseconds. Undefined for no limit. */
  readonly timeout: number | undefined
  readonly raw: boolean
  /** Where and how to save the outputs. Undefined to save none. */
  readonly save: SaveOutputsOptions | undefined
}

/**
 * Waits until each task has ended, and saves the outputs of those that succeed.
 *
 * @returns The refs of the tasks that were still running at the timeout.
 */
export const waitForTasks = (
  session: TaskSession,
  refs: ReadonlyArray<string>,
  { timeout, raw, save }: WaitForTasksOptions
): Effect.Effect<ReadonlyArray<string>, ConfigurationError, Tasks> => {
  const { pending, reporter } = session
  const timedOut: Array<string> = []

  const finish = (settled: Settled): Effect.Effect<void, never, Tasks> => {
    if (settled.ok && save !== undefined) return saveOutputs(session, settled.snapshot, save)
    return Effect.sync(() => {
      if (settled.ok) return reporter.snapshot(settled.snapshot)
      if (settled.error._tag === "StillRunning") timedOut.push(settled.ref)
      reporter.failed(settled.ref, settled.error, settled.snapshot)
    })
  }

  return Tasks.use(({ waitAll }) =>
    waitAll(refs, {
      timeout,
      raw,
      onUpdate: (snapshot) => reporter.progress(snapshot),
      onPollError: (failure) => reporter.pollFailed(failure)
    }).pipe(
      Stream.mapEffect(
        (settled) =>
          Effect.andThen(
            finish(settled),
            Effect.sync(() => pending.delete(settled.ref))
          ),
        { concurrency: saveConcurrency, unordered: true }
      ),
      Stream.runDrain,
      Effect.as(timedOut)
    )
  )
}
