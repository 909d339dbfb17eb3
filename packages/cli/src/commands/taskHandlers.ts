/**
 * The handlers of the commands that follow tasks, as one chunk of the bundle. Chunks of their own would share many small
 * ones, and each file that is loaded takes about a millisecond.
 */
export { runQuery } from "./query/runQuery.ts"
export { runSave } from "./save/runSave.ts"
export { runWait } from "./wait/runWait.ts"
export { runWatch } from "./watch/runWatch.ts"
