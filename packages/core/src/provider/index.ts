/**
 * The provider contract, and helpers that read what vendors send. Pure and free of Effect, so that a provider runs
 * inside any copy of core.
 */
export type { FailureReason } from "../task/Failure.ts"
export type { OutputKind, OutputRole } from "../task/Output.ts"
export type { TaskStatus } from "../task/TaskStatus.ts"
export type { AccountOptions } from "./AccountOptions.ts"
export { asHttpUrl } from "./asHttpUrl.ts"
export type { CodeGroup, CodeMeaning, CodeTable } from "./codeTable.ts"
export { codeTable } from "./codeTable.ts"
export type { Credentials } from "./Credentials.ts"
export type { CodeErrorDetail } from "./errorFromCode.ts"
export { errorFromCode, errorFromHttpCode } from "./errorFromCode.ts"
export type { StatusErrorDetail } from "./errorFromStatus.ts"
export { errorFromStatus } from "./errorFromStatus.ts"
export type {
  ErrorDetail,
  ErrorReason,
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
export { firstStringAt } from "./firstStringAt.ts"
export type { HttpRequest } from "./HttpRequest.ts"
export { kindFromUrl } from "./kindFromUrl.ts"
export { parseEmbeddedJson } from "./parseEmbeddedJson.ts"
export type { ParsedProviderSpec, SpecProblem } from "./parseProviderSpec.ts"
export { parseProviderSpec } from "./parseProviderSpec.ts"
export { fraction, percent } from "./progress.ts"
export type { ProviderAccount } from "./ProviderAccount.ts"
export { configureAccount } from "./ProviderAccount.ts"
export { providerFactory } from "./providerFactory.ts"
export type { Endpoint, PollHint, ProviderSpec, QueryOperation, RateLimit, TaskKey } from "./ProviderSpec.ts"
export { defineProvider } from "./ProviderSpec.ts"
export type { FollowUp, QueryOutcome } from "./QueryOutcome.ts"
export { followUp, queryError, snapshot } from "./QueryOutcome.ts"
export type { RequestSpec } from "./RequestSpec.ts"
export type { ResponseHead } from "./ResponseHead.ts"
export { Secret } from "./Secret.ts"
export type { FailureDraft, InstantInput, OutputDraft, SnapshotDraft } from "./SnapshotDraft.ts"
export type { StatusTable, StatusWords } from "./statusTable.ts"
export { statusTable } from "./statusTable.ts"
export { tryParseJson } from "./tryParseJson.ts"
