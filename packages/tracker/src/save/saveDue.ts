import { SaveError } from "@gentask/core"
import type { SavedFile, TaskSnapshot } from "@gentask/core"
import * as Effect from "effect/Effect"
import type { DueSave } from "../store/TrackerStore.ts"
import { startDue } from "./startDue.ts"

/**
 * How many tasks of an account are saved at the same time. So many that a few file servers that do not respond, each of
 * which takes half a minute to give up, delay no other file.
 */
const maxConcurrent = 16

/** The delay until the next attempt, in milliseconds. Doubles each time. */
const firstRetryMs = 2000
const maxRetryMs = 10 * 60_000

/** How many attempts a link gets that has expired, because the vendor may return a new one. */
const maxExpiredAttempts = 5

/** How long to try to save outputs whose links have no known expiry, in milliseconds. */
const unknownLifetimeMs = 3 * 24 * 60 * 60_000

/** What the user may correct: make room, change permissions, or renew the credentials of the target. */
const mayBeCorrected: ReadonlySet<string> = new Set(["DiskFull", "NotWritable", "TargetFailed"])

/** The result of an attempt to save a task. */
export type SaveResult =
  | { readonly files: ReadonlyArray<SavedFile> }
  /** Without `retryInMs`, saving is not tried again. */
  | { readonly error: string; readonly retryInMs: number | undefined }

/** What saving needs. */
export interface SavesOptions<E, LE> {
  /** Returns the tasks to save, the most urgent first. */
  readonly dueSaves: (limit: number) => Effect.Effect<ReadonlyArray<DueSave>, E>
  /** Downloads the outputs of a task. Resumes what was begun, and downloads nothing that is complete. */
  readonly save: (snapshot: TaskSnapshot) => Effect.Effect<ReadonlyArray<SavedFile>, unknown>
  /** Records the result of an attempt. */
  readonly record: (ref: string, result: SaveResult) => Effect.Effect<void, LE>
  /** Starts an attempt in the background. */
  readonly fork: (attempt: Effect.Effect<void, LE>) => Effect.Effect<void>
  /** Called when an attempt has ended, so that another may start. */
  readonly onEnd: () => void
  /** Milliseconds since 1970. */
  readonly wallNow: () => number
}

/** When the last link of a task dies, in milliseconds since 1970. */
const deadAt = ({ outputs, completedAt }: TaskSnapshot, now: number): number => {
  const expiries = outputs.map(({ expiresAt }) => expiresAt?.getTime())
  const known = expiries.filter((at) => at !== undefined)
  return known.length === expiries.length && known.length > 0
    ? Math.max(...known)
    : (completedAt?.getTime() ?? now) + unknownLifetimeMs
}

/** Returns when to try again, in milliseconds. Undefined if that is useless. */
export const saveRetryMs = (
  error: unknown,
  { snapshot, attempts }: Pick<DueSave, "snapshot" | "attempts">,
  now: number
): number | undefined => {
  const delayMs = Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(attempts, 20))
  if (!(error instanceof SaveError)) return delayMs
  const { reason } = error
  if (!error.isRetryable && !mayBeCorrected.has(reason._tag)) return undefined
  if (reason._tag === "LinkExpired" && attempts + 1 >= maxExpiredAttempts) return undefined
  // One more attempt after the links have died: the vendor may return new ones.
  return now > deadAt(snapshot, now) && attempts + 1 >= maxExpiredAttempts ? undefined : delayMs
}

/** Creates an effect that starts saving the tasks that are due. */
export const makeSaves = <E, LE>({
  dueSaves,
  save,
  record,
  fork,
  onEnd,
  wallNow
}: SavesOptions<E, LE>): Effect.Effect<void, E> => {
  const running = new Set<string>()

  const attempt = (due: DueSave): Effect.Effect<void, LE> =>
    Effect.matchEffect(save(due.snapshot), {
      onSuccess: (files) => record(due.ref, { files }),
      onFailure: (error) =>
        record(due.ref, {
          error: error instanceof Error ? error.message : String(error),
          retryInMs: saveRetryMs(error, due, wallNow())
        })
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          running.delete(due.ref)
          onEnd()
        })
      )
    )

  return startDue(running, {
    maxConcurrent,
    read: dueSaves,
    keyOf: ({ ref }) => ref,
    start: (due) => fork(attempt(due))
  })
}
