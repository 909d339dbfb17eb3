/**
 * What gentask's own packages need of core beyond its public entries. Not covered by semantic versioning: do not import
 * it from anywhere else.
 */
export type { ResolvedAccount } from "./account/ResolvedAccount.ts"
export { accountName } from "./account/accountName.ts"
export { resolveAccount } from "./account/resolveAccount.ts"
export { unknownAccount, unknownProvider } from "./account/unknownName.ts"
export { variableName } from "./account/variableName.ts"
export type { ReceivedResponse, DecodedResponse, ResponseDecoder } from "./exchange/decodeResponse.ts"
export { decodeResponse, maxFollowUps, queryDecoder, followUpDecoder } from "./exchange/decodeResponse.ts"
export type { SampleResponse } from "./exchange/SampleResponse.ts"
export { decodeRecorded, requestOf, toReceivedResponse } from "./exchange/SampleResponse.ts"
export { redact } from "./exchange/redact.ts"
export type { TaskQuery } from "./exchange/TaskQuery.ts"
export { resolveUrl, authHeaders, buildRequest, signRequest, makeTaskQuery } from "./exchange/TaskQuery.ts"
export type { Failure, FailureReason } from "./task/Failure.ts"
export type { Output, OutputKind, OutputRole } from "./task/Output.ts"
export { specVersion } from "./provider/parseProviderSpec.ts"
export { closestName } from "./task/closestName.ts"
export { accountNamePattern, providerIdPattern } from "./task/namePatterns.ts"
export { isTerminal } from "./task/TaskStatus.ts"
export { parseDuration } from "./task/duration.ts"
export { createClient } from "./client/createGentask.ts"
