/**
 * What a provider package needs: the plugin contract, and small readers for what vendors send. Pure, and free of
 * Effect, so that a provider runs inside any copy of core.
 */
export type { FailureReason } from "../task/Failure.ts"
export type { OutputKind, OutputRole } from "../task/Output.ts"
export type { TaskStatus } from "../task/TaskStatus.ts"
export type { AccountOptions, ProviderAccount } from "./Account.ts"
export { configureAccount, providerFactory } from "./Account.ts"
export type { CodeGroup, CodeMeaning, CodeTable } from "./codeTable.ts"
export { codeTable } from "./codeTable.ts"
export type {
  ErrorReason,
  ErrorDetail,
  ErrorReasonTag,
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
} from "./ErrorReason.ts"
export { errorFromCode, errorFromHttpCode, errorFromStatus, isRefusal, isTransient } from "./ErrorReason.ts"
export { jsonText, unpackJson } from "./jsonText.ts"
export { asLink, kindOfLink } from "./link.ts"
export type {
  FailureDraft,
  FollowUp,
  InstantInput,
  QueryOutcome,
  OutputDraft,
  SnapshotDraft
} from "./QueryOutcome.ts"
export { queryError, followUp, snapshot } from "./QueryOutcome.ts"
export { fraction, percent } from "./progress.ts"
export type { Endpoint, QueryOperation, PollHint, ProviderSpec, RateLimit, TaskKey } from "./ProviderSpec.ts"
export { defineProvider } from "./ProviderSpec.ts"
export { Secret } from "./Secret.ts"
export type { StatusTable, StatusWords } from "./statusTable.ts"
export { statusTable } from "./statusTable.ts"
export { textAt } from "./textAt.ts"
export type { Credentials, HttpRequest, ResponseHead, RequestSpec } from "./HttpRequest.ts"
