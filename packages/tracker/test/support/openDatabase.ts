/** Opens a tracker's database in this process, beside the trackers that use it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as PostgresStore from "../../src/store/PostgresStore.ts"
import * as SqliteStore from "../../src/store/SqliteStore.ts"
import { TrackerStore } from "../../src/store/TrackerStore.ts"
import type { TaskRecord, TrackerEvent, TrackerStoreService } from "../../src/store/TrackerStore.ts"
import type { TrackerDatabase } from "../../src/TrackerOptions.ts"

/** Opens the database. */
export const openDatabase = async (database: TrackerDatabase) => {
  const layer: Layer.Layer<TrackerStore, unknown> =
    "sqlite" in database
      ? SqliteStore.layer({ path: database.sqlite })
      : PostgresStore.layer({ url: database.postgres })
  const runtime = ManagedRuntime.make(layer)
  const store: TrackerStoreService = await runtime.runPromise(TrackerStore)
  const run = Effect.runPromise
  return {
    store,
    addTasks: (refs: ReadonlyArray<string>) => run(store.addTasks(refs.map((ref) => ({ ref })))),
    account: async (name: string) => (await run(store.accounts)).find(({ account }) => account === name),
    /** Returns all tasks. */
    tasks: async (): Promise<ReadonlyArray<TaskRecord>> => {
      const tasks: Array<TaskRecord> = []
      let cursor: string | undefined
      do {
        const page = await run(store.tasks({ limit: 1000, cursor }))
        tasks.push(...page.tasks)
        cursor = page.cursor ?? undefined
      } while (cursor !== undefined)
      return tasks
    },
    task: (ref: string) => run(store.task(ref)),
    /** Returns all events. */
    events: async (): Promise<ReadonlyArray<TrackerEvent>> => {
      const events: Array<TrackerEvent> = []
      for (;;) {
        const page = await run(store.events(events.at(-1)?.seq ?? 0, 10_000))
        if (page.length === 0) return events
        events.push(...page)
      }
    },
    [Symbol.asyncDispose]: () => runtime.dispose()
  }
}
