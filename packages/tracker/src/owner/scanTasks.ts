import * as Effect from "effect/Effect"
import type { StoreError } from "../store/StoreError.ts"
import type { TrackerStoreService } from "../store/TrackerStore.ts"
import type { OpenTasks } from "./OpenTasks.ts"

/** How many tasks are read at once. Between pages, other work of the process gets a turn. */
const pageSize = 5000

/** Creates an effect that adds the tasks that were added to the database since it ran last. Returns whether there may be more. */
export const makeScan = (
  store: TrackerStoreService,
  account: string,
  tasks: OpenTasks
): Effect.Effect<boolean, StoreError> => {
  let lastSeq = 0
  return Effect.map(
    Effect.suspend(() => store.openTasks(account, lastSeq, pageSize)),
    (page) => {
      tasks.add(page)
      lastSeq = page.at(-1)?.seq ?? lastSeq
      return page.length === pageSize
    }
  )
}
