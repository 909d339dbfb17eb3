/**
 * The provider contract, and helpers that read what vendors send. Pure and free of Effect, so that a provider runs
 * inside any copy of core.
 */
export type { FailureReason } from "../task/Failure.ts"
export type { OutputKind, OutputRole } from "../task/Output.ts"
export type { TaskStatus } from "../task/TaskStatus.ts"
export type { AccountOptions } from "./AccountOptions.ts"
export { amountAt } from "./amountAt.ts"
export { asHttpUrl } from "./asHttpUrl.ts"
export type { FailureClass } from "./classifyFailure.ts"
export { classifyFailure } from "./classifyFailure.ts"
export { codeAt } from "./codeAt.ts"
export type { CodeGroup, CodeMeaning, CodeTable, SubmitMeaning } from "./codeTable.ts"
export { codeTable } from "./codeTable.ts"
export { commonStatus } from "./commonStatus.ts"
export type { Credentials } from "./Credentials.ts"
export type { CodeErrorDetail } from "./errorFromCode.ts"
export { errorFromCode, errorFromHttpCode } from "./errorFromCode.ts"
export type { StatusErrorDetail } from "./errorFromStatus.ts"
export { errorFromStatus } from "./errorFromStatus.ts"
export type { ErrorFormat, ErrorOperation, VendorError } from "./ErrorFormat.ts"
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
export { firstInstantAt } from "./firstInstantAt.ts"
export { firstStringAt } from "./firstStringAt.ts"
export { hasFailed } from "./hasFailed.ts"
export type { JsonObject } from "./jsonObject.ts"
export { isJsonObject, jsonObject } from "./jsonObject.ts"
export type { HttpRequest } from "./HttpRequest.ts"
export { inputNamesOf } from "./inputNamesOf.ts"
export { isOtherFile, kindFromUrl } from "./kindFromUrl.ts"
export { numberAt } from "./numberAt.ts"
export { objectAt } from "./objectAt.ts"
export { parseEmbeddedJson } from "./parseEmbeddedJson.ts"
export type { ParsedProviderSpec } from "./parseProviderSpec.ts"
export type { SpecProblem } from "./specValidator.ts"
export { parseProviderSpec } from "./parseProviderSpec.ts"
export { fraction, percent } from "./progress.ts"
export type { ProviderAccount } from "./ProviderAccount.ts"
export { configureAccount } from "./ProviderAccount.ts"
export type { ProviderFactory } from "./providerFactory.ts"
export { providerFactory } from "./providerFactory.ts"
export type { Endpoint, PollHint, ProviderSpec, QueryOperation, Requirement } from "./ProviderSpec.ts"
export { defineProvider } from "./ProviderSpec.ts"
export type { FollowUp, QueryOutcome } from "./QueryOutcome.ts"
export { followUp, queryError, snapshot } from "./QueryOutcome.ts"
export type { ErrorText } from "./readErrorDetail.ts"
export { readErrorDetail } from "./readErrorDetail.ts"
export type { MediaField } from "./readMedia.ts"
export { readMedia } from "./readMedia.ts"
export type { RequestSpec } from "./RequestSpec.ts"
export type { ResponseHead } from "./ResponseHead.ts"
export { Secret } from "./Secret.ts"
export type { FailureDraft, InstantInput, OutputDraft, SnapshotDraft } from "./SnapshotDraft.ts"
export type { StatusTable, StatusWords } from "./statusTable.ts"
export { statusTable } from "./statusTable.ts"
export { tryParseJson } from "./tryParseJson.ts"
export { unexpectedResponse } from "./unexpectedResponse.ts"
export { valueAt } from "./valueAt.ts"
export type { Amount } from "../task/Amount.ts"
export type { BalanceOperation, BalanceOutcome } from "./BalanceOperation.ts"
export type { CancelOperation, CancelOutcome } from "./CancelOperation.ts"
export type { CommonInput, CommonInputName } from "./CommonInput.ts"
export { commonInputNames } from "./CommonInput.ts"
export type { HttpMethod } from "./HttpMethod.ts"
export type { EmbeddedFile, InputFile, MediaInput } from "./InputFile.ts"
export { embedFile, isEmbeddedFile, isInputFile, isMediaInput } from "./InputFile.ts"
export type { KeyExchange, KeyExchangeOutcome } from "./KeyExchange.ts"
export type {
  DefinedModels,
  ModelBuilders,
  ModelInput,
  ModelRequest,
  ModelSpec,
  ModelTable
} from "./ModelSpec.ts"
export { defineModels } from "./ModelSpec.ts"
export type { WithSources } from "./ModelSpec.ts"
export type { MediaSource, PathSource, StreamSource } from "./MediaSource.ts"
export { orientationOf } from "./orientationOf.ts"
export type { RateLimit } from "./RateLimit.ts"
export type { InputName, InputNames } from "./renameInputs.ts"
export { renameInputs } from "./renameInputs.ts"
export type { ListedTask, LostSubmit, RecoverOperation, RecoverOutcome } from "./RecoverOperation.ts"
export type { MultipartField, RequestBody, UncredentialedRequest } from "./RequestSpec.ts"
export type { Idempotency, SubmitOperation, SubmitRequest, WebhookTarget } from "./SubmitOperation.ts"
export type { SubmitOutcome, SubmittedTask } from "./SubmitOutcome.ts"
export { accepted, rejected, retryable, unknownOutcome } from "./SubmitOutcome.ts"
export type { TaskKey } from "./TaskKey.ts"
export type { UploadOperation, UploadOutcome } from "./UploadOperation.ts"
export type {
  WebhookCredentials,
  WebhookOperation,
  WebhookOutcome,
  WebhookRequest
} from "./WebhookOperation.ts"
export type { LazySchema } from "./lazySchema.ts"
export { lazySchema } from "./lazySchema.ts"
export type { RenamedModel } from "./defineModel.ts"
export { defineModel } from "./defineModel.ts"
export { modelsOfFamilies } from "./modelsOfFamilies.ts"
export type { MediaJsonSchema } from "./mediaJsonSchema.ts"
export { mediaJsonSchema } from "./mediaJsonSchema.ts"
export { contentParts } from "./contentParts.ts"
export { coversSubmit } from "./coversSubmit.ts"
export { embedFiles } from "./embedFiles.ts"
export { isRecent } from "./isRecent.ts"
export { unexpectedOutcome } from "./unexpectedOutcome.ts"
export { withoutTaskId } from "./withoutTaskId.ts"
export { balanceAt } from "./balanceAt.ts"
export { listAt } from "./listAt.ts"
export { listedTasks } from "./listedTasks.ts"
export { mediaPart } from "./mediaPart.ts"
export { pickInputs } from "./pickInputs.ts"
export { supportedInputsOf } from "./supportedInputsOf.ts"
export { taskUpdated } from "./taskUpdated.ts"
