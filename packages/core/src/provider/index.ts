/**
 * What a provider package needs: the plugin contract, and small readers for what vendors send. Pure, and free of
 * Effect, so that a provider runs inside any copy of core.
 */
export type { FailureReason } from "../task/Failure.ts"
export type { OutputKind, OutputRole } from "../task/Output.ts"
export type { TaskStatus } from "../task/TaskStatus.ts"
export type { AccountOptions, ProviderAccount } from "./Account.ts"
export { configure, providerFactory } from "./Account.ts"
export type { CodeGroup, CodeMeaning, CodeTable } from "./CodeTable.ts"
export { codeTable } from "./CodeTable.ts"
export type {
  Fault,
  FaultDetail,
  FaultTag,
  Forbidden,
  InsufficientCredits,
  InvalidRequest,
  RateLimited,
  RequestTimedOut,
  ResponseTooLarge,
  TaskNotFound,
  Unauthorized,
  Unavailable,
  UnexpectedResponse,
  Unreachable
} from "./Fault.ts"
export { faultOfCode, faultOfHttpCode, faultOfStatus, isRefusal, isTransient } from "./Fault.ts"
export { jsonText, unpackJson } from "./JsonText.ts"
export { asLink, kindOfLink } from "./Link.ts"
export type { FailureDraft, FollowUp, InstantInput, Outcome, OutputDraft, SnapshotDraft } from "./Outcome.ts"
export { fault, followUp, snapshot } from "./Outcome.ts"
export { fraction, percent } from "./Progress.ts"
export type { Endpoint, Exchange, PollHint, ProviderSpec, RateWindow, TaskQuestion } from "./ProviderSpec.ts"
export { defineProvider } from "./ProviderSpec.ts"
export { Secret } from "./Secret.ts"
export type { StatusTable, StatusWords } from "./StatusTable.ts"
export { statusTable } from "./StatusTable.ts"
export { textAt } from "./TextAt.ts"
export type { Credentials, FinishedRequest, HttpAnswer, WireRequest } from "./Wire.ts"
