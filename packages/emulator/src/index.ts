/**
 * Emulates the vendors that gentask supports on one loopback server, with scripted responses and faults.
 *
 * @packageDocumentation
 */
export { startEmulator } from "./startEmulator.ts"
export type { Emulator, EmulatorOptions } from "./Emulator.ts"
export type { EarlyRetry } from "./EarlyRetryDetector.ts"
export type { EmulatedTask, TaskSubmit } from "./EmulatedTask.ts"
export { chaosMediaWeights, chaosWeights } from "./faults/Chaos.ts"
export type { ChaosOptions } from "./faults/Chaos.ts"
export type { DeliveryFault, RepeatCount } from "./faults/DeliveryFault.ts"
export type { FaultCounts, FaultStats } from "./faults/FaultStats.ts"
export type { LinkFault, LinkFaultName } from "./faults/LinkFault.ts"
export type { FileFault, MediaFault, MediaFaultName } from "./faults/MediaFault.ts"
export type { QueryFault, QueryFaultName, ResponseFault, StateFault } from "./faults/QueryFault.ts"
export type { RetryAfter } from "./faults/retryAfter.ts"
export { mediaFormats } from "./MediaFormat.ts"
export type { MediaFormat } from "./MediaFormat.ts"
export { TaskScriptError } from "./parseTaskScript.ts"
export { hostNames } from "./hosts.ts"
export type { HostName } from "./hosts.ts"
export {
  aigptimageActiveTasks,
  aigptimageCreateTiers,
  aigptimageTiers,
  kieCreateLimits
} from "./RateLimiter.ts"
export type { RateLimitWindow } from "./RateLimiter.ts"
export type { QueryRate } from "./RateMeter.ts"
export type { LoggedRequest } from "./RequestLog.ts"
export { chaosSubmitWeights } from "./submit/SubmitChaos.ts"
export type { ChaosSubmitFaultName } from "./submit/SubmitChaos.ts"
export type { SentCallback } from "./submit/CallbackSender.ts"
export type { FaultAfterTask, FaultWithoutTask, SubmitFault, SubmitFaultName } from "./submit/SubmitFault.ts"
export type { ReceivedSubmit, SubmitCount } from "./submit/SubmitLog.ts"
export type { CallbackScript, CreateStyle, SubmitScript } from "./submit/SubmitScript.ts"
export type { UploadedFile } from "./submit/UploadStore.ts"
export { taskEnds, taskKinds } from "./TaskScript.ts"
export { dialects, moduleNames, services, vendors } from "./vendors/vendorNames.ts"
export type { Dialect, ModuleName, Service, Vendor } from "./vendors/vendorNames.ts"
export { vendorAccounts } from "./vendors/vendorAccounts.ts"
export type { VendorAccountVariables } from "./vendors/vendorAccounts.ts"
export type { VendorExample } from "./vendors/VendorModule.ts"
export type {
  ScriptedFailure,
  ScriptedResponse,
  TaskEnd,
  TaskKind,
  TaskPhase,
  TaskScript
} from "./TaskScript.ts"
