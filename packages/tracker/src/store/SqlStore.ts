import type { Ledger } from "@gentask/core"
import * as Stream from "effect/Stream"
import { accountMethods } from "./accounts.ts"
import { cancelMethods } from "./cancels.ts"
import type { Database } from "./Database.ts"
import { endpointMethods } from "./endpoints.ts"
import { eventMethods } from "./events.ts"
import { outboxMethods } from "./outbox.ts"
import { pruneMethods } from "./prune.ts"
import { readMethods } from "./reads.ts"
import type { FindTasks } from "./reads.ts"
import { saveMethods } from "./saves.ts"
import { settleMethods } from "./settle.ts"
import { submitMethods } from "./submits.ts"
import { taskMethods } from "./tasks.ts"
import type { TrackerStoreService } from "./TrackerStore.ts"

/** Creates the store of a database whose tables exist. */
export const makeSqlStore = (db: Database, ledger: Ledger, find: FindTasks): TrackerStoreService => ({
  ledger,
  ...accountMethods(db),
  ...taskMethods(db),
  ...settleMethods(db),
  ...submitMethods(db),
  ...cancelMethods(db),
  ...saveMethods(db),
  ...outboxMethods(db),
  ...endpointMethods(db),
  ...readMethods(db, find),
  ...eventMethods(db),
  ...pruneMethods(db),
  changes: Stream.fromPubSub(db.hints)
})
