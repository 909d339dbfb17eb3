/**
 * The handlers of the commands that create tasks and that read what is recorded. They are one chunk of the bundle, because
 * each entry point of the bundle splits the code that others share into more files, which makes every command slower.
 */
export { runBalance } from "./balance/runBalance.ts"
export { runCancel } from "./cancel/runCancel.ts"
export { runGenerate } from "./generate/runGenerate.ts"
export { runList } from "./list/runList.ts"
export { runModels } from "./models/runModels.ts"
export { runReconcile } from "./reconcile/runReconcile.ts"
export { runRetry } from "./retry/runRetry.ts"
export { runShow } from "./show/runShow.ts"
export { runSubmit } from "./submit/runSubmit.ts"
