/**
 * What gentask's own packages need of core beyond its public entries. Not covered by semantic versioning: do not import
 * it from anywhere else.
 */
export type { Variables } from "./account/accountsFromVariables.ts"
export { accountsFromVariables } from "./account/accountsFromVariables.ts"
export { findAccount } from "./account/findAccount.ts"
export type { ResolvedAccount } from "./account/ResolvedAccount.ts"
export { accountName, resolveAccount, variableName } from "./account/ResolvedAccount.ts"
export type { ReceivedResponse, DecodedResponse, ResponseDecoder } from "./exchange/decodeResponse.ts"
export { decodeResponse, maxFollowUps, queryDecoder, followUpDecoder } from "./exchange/decodeResponse.ts"
export type { SampleResponse } from "./exchange/SampleResponse.ts"
export { decodeRecorded, requestOf, toReceivedResponse } from "./exchange/SampleResponse.ts"
export { redact } from "./exchange/redact.ts"
export type { TaskQuery } from "./exchange/TaskQuery.ts"
export { resolveUrl, authHeaders, buildRequest, signRequest, makeTaskQuery } from "./exchange/TaskQuery.ts"
export { parseDuration } from "./task/duration.ts"
export { oneLine } from "./task/oneLine.ts"
export type { Failure, FailureReason } from "./task/Failure.ts"
export type { Output, OutputKind, OutputRole } from "./task/Output.ts"
export { providerIdPattern } from "./task/TaskRef.ts"
export { isTerminal } from "./task/TaskStatus.ts"
export { createClient } from "./client/createGentask.ts"
