/** A tracker: a service that watches tasks, saves their results and calls webhooks, and survives crashes. */
export { TrackerRunning } from "./cluster/TrackerRunning.ts"
export { startTracker } from "./startTracker.ts"
export type {
  ClusterTimings,
  Tracker,
  TrackerDatabase,
  TrackerOptions,
  TrackerScope,
  TrackerToken
} from "./TrackerOptions.ts"
