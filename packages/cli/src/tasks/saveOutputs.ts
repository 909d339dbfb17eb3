import { Tasks } from "@gentask/core/effect"
import type { SavePlace, TaskSnapshot } from "@gentask/core"
import * as Effect from "effect/Effect"
import type { TaskSession } from "./TaskSession.ts"

/** How many tasks are saved at the same time. */
export const saveConcurrency = 8

/** Options of `saveOutputs`. */
export interface SaveOutputsOptions {
  /** The folder or the target to save to. */
  readonly place: SavePlace
  /** Saves outputs of all roles, not only the results. */
  readonly all: boolean
  readonly overwrite: boolean
}

/** Saves the outputs of a task, and reports the files or the error. */
export const saveOutputs = (
  { reporter, screen }: TaskSession,
  snapshot: TaskSnapshot,
  { place, all, overwrite }: SaveOutputsOptions
): Effect.Effect<void, never, Tasks> =>
  Effect.suspend(() => {
    screen.setNote(snapshot.ref, "saving")
    return Tasks.use((tasks) =>
      tasks.save(snapshot, {
        ...place,
        roles: all ? "all" : undefined,
        overwrite,
        onProgress: screen.isLive ? (ref, progress) => screen.showDownload(ref, progress) : undefined,
        onRetry: (ref, reason) => reporter.saveRetried(ref, reason),
        onWait: (ref, message) => reporter.downloadWaits(ref, message)
      })
    ).pipe(
      Effect.match({
        onSuccess: (files) => reporter.saved(snapshot, files),
        onFailure: (error) => reporter.failed(snapshot.ref, error, snapshot)
      })
    )
  })
