/** All the vendors that gentask speaks to, on one loopback server, with scripted answers. */
export { startEmulator } from "./Emulator.ts"
export type { Emulator, EmulatorOptions } from "./Emulator.ts"
export { mediaTypes } from "./Media.ts"
export type { MediaType } from "./Media.ts"
export { aigptimageTiers } from "./RateLimit.ts"
export type { RateWindow } from "./RateLimit.ts"
export type { Rate } from "./Rates.ts"
export type { RecordedRequest } from "./RequestLog.ts"
export { dialects, ends, vendors } from "./TaskScript.ts"
export type {
  Answer,
  Dialect,
  EmulatedTask,
  End,
  Phase,
  ScriptedFailure,
  TaskKind,
  TaskScript,
  Vendor
} from "./TaskScript.ts"
export { TaskScriptError } from "./TaskScriptCheck.ts"
