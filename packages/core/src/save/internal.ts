/**
 * What gentask's own packages need of saving: files of a snapshot that does not belong to an account of this process, and
 * targets. Not covered by semantic versioning: do not import it from anywhere else.
 */
export { save } from "./save.ts"
export { parseSaveOptions } from "./SaveOptions.ts"
export { targetTransport } from "./target/targetTransport.ts"
export { unfinishedFolder } from "./unfinishedFolder.ts"
