import * as Effect from "effect/Effect"
import { TrackerStore } from "./store/TrackerStore.ts"

/** How often to delete tasks. */
const interval = "1 hour"

/** Deletes tasks that ended longer ago than this, again and again. */
export const pruneTasks = (keepForMs: number): Effect.Effect<never, never, TrackerStore> =>
  TrackerStore.use((store) => store.prune(keepForMs)).pipe(
    Effect.tap((count) =>
      count === 0 ? Effect.void : Effect.logInfo(`Deleted ${count} tasks that have ended.`)
    ),
    Effect.catch(({ message }) =>
      Effect.logWarning(`Tasks that have ended could not be deleted: ${message}`)
    ),
    Effect.andThen(Effect.sleep(interval)),
    Effect.forever
  )
