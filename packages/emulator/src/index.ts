/** All the vendors that gentask speaks to, on one loopback server, with scripted answers and scripted faults. */
export { startEmulator } from "./Emulator.ts"
export type { Emulator, EmulatorOptions } from "./Emulator.ts"
export { chaosMediaWeights, chaosWeights } from "./faults/Chaos.ts"
export type { ChaosOptions } from "./faults/Chaos.ts"
export type { Disturbed, DisturbedExchanges } from "./faults/Disturbances.ts"
export type {
  AnswerFault,
  DeliveryFault,
  FileFault,
  MediaFault,
  MediaFaultName,
  QueryFault,
  QueryFaultName,
  RetryAfter,
  StateFault,
  Times
} from "./faults/Fault.ts"
export type { LinkFault, LinkFaultName } from "./faults/LinkFault.ts"
export type { Undercut } from "./faults/Undercuts.ts"
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
