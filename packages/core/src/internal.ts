/**
 * What gentask's own packages need of core beyond its public entries. Not covered by semantic versioning: do not import
 * it from anywhere else.
 */
export type { ResolvedAccount } from "./account/ResolvedAccount.ts"
export { resolveAccount } from "./account/ResolvedAccount.ts"
export type { Answer, Interpretation, Reading } from "./exchange/decodeResponse.ts"
export { interpret, mostFollowUps, readingOf, readingOfFollowUp } from "./exchange/decodeResponse.ts"
export type { RecordedAnswer } from "./exchange/recordedResponse.ts"
export { interpretAnswer, requestOf, toAnswer } from "./exchange/recordedResponse.ts"
export { redact } from "./exchange/redact.ts"
export type { Question } from "./exchange/TaskQuery.ts"
export { address, authorize, describe, finish, makeQuestion } from "./exchange/TaskQuery.ts"
export type { Failure, FailureReason } from "./task/Failure.ts"
export type { Output, OutputKind, OutputRole } from "./task/Output.ts"
export { providerIdPattern } from "./task/TaskRef.ts"
export { isTerminal } from "./task/TaskStatus.ts"
