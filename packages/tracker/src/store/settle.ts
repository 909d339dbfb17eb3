import { isTerminal } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"
import * as Effect from "effect/Effect"
import type { Database } from "./Database.ts"
import { recordTasks } from "./recordTasks.ts"
import type { TrackerStoreService } from "./TrackerStore.ts"

/** When saving must start at the latest if no link of a task is known to expire, in milliseconds. */
const defaultSaveDueMs = 60 * 60 * 1000

/** Saving starts at the latest when this part of the time until the first link expires has passed. */
const maxElapsedLifetime = 0.5

/** Splits snapshots into groups with at most one of each task, in their order. */
const inRounds = (snapshots: ReadonlyArray<TaskSnapshot>): ReadonlyArray<ReadonlyArray<TaskSnapshot>> => {
  const rounds: Array<Array<TaskSnapshot>> = []
  const counts = new Map<string, number>()
  for (const snapshot of snapshots) {
    const count = counts.get(snapshot.ref) ?? 0
    counts.set(snapshot.ref, count + 1)
    const round = (rounds[count] ??= [])
    round.push(snapshot)
  }
  return rounds
}

const saveDueInMs = ({ outputs }: TaskSnapshot, now: number): number => {
  const expiries = outputs.flatMap(({ expiresAt }) => expiresAt?.getTime() ?? [])
  if (expiries.length === 0) return defaultSaveDueMs
  return Math.max(0, Math.round((Math.min(...expiries) - now) * maxElapsedLifetime))
}

/** Decides once for each ended task whether it is to be saved. */
const scheduleSaves = (db: Database, snapshots: ReadonlyArray<TaskSnapshot>) => {
  const now = Date.now()
  const rows = snapshots
    .filter(({ status }) => isTerminal(status))
    .map((snapshot) => {
      const isSaved = snapshot.status === "succeeded" && snapshot.outputs.length > 0
      return {
        ref: snapshot.ref,
        state: isSaved ? "due" : "none",
        due_in: isSaved ? saveDueInMs(snapshot, now) : null
      }
    })
  if (rows.length === 0) return Effect.void
  const given = db.table(rows, { ref: "text", state: "text", due_in: "bigint" })
  return Effect.asVoid(db.sql`
    update tasks set save_state = given.state, save_due_at = ${db.now} + given.due_in
    from ${given} as given
    where tasks.ref = given.ref and tasks.ended_at is not null
      and (tasks.save_state is null or (tasks.save_state = 'none' and given.state = 'due' and tasks.status = 'succeeded'))`)
}

/** The method that records news of tasks. */
export const settleMethods = (db: Database): Pick<TrackerStoreService, "settle"> => ({
  settle: (ownership, snapshots) =>
    db.writeEvents(
      db.owned(
        ownership,
        Effect.forEach(inRounds(snapshots), (round) =>
          Effect.andThen(recordTasks(db, round, { isKnownOnly: true }), scheduleSaves(db, round))
        )
      )
    )
})
