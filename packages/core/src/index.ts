/**
 * gentask: query, await and save asynchronous AI image and video tasks.
 *
 * This entry is for promises. See `@gentask/core/effect` for Effect, and `@gentask/core/provider` for plugins.
 */
export { accountsFromVariables } from "./account/accountsFromVariables.ts"
export type { Variables } from "./account/accountsFromVariables.ts"
export { ConfigurationError } from "./account/ConfigurationError.ts"
export type { ConfigurationErrorFields, ConfigurationErrorReason } from "./account/ConfigurationError.ts"
export type { ClientPolicies, NotFoundOptions, UnexpectedResponseOptions } from "./client/ClientOptions.ts"
export { createGentask } from "./client/createGentask.ts"
export type { Gentask, GentaskOptions, SignalOptions } from "./client/Gentask.ts"
export type { QueryOptions, RefInput, RefList, WaitOptions, WatchOptions } from "./client/OperationOptions.ts"
export type { Settled } from "./client/PendingWait.ts"
export type { RetryOptions } from "./client/RetryPolicy.ts"
export type { TransportOptions } from "./client/TransportOptions.ts"
export { StillRunning, TaskFailed } from "./client/WaitError.ts"
export type { QueryError, StillRunningFields, WaitError } from "./client/WaitError.ts"
export type { ReceiveWebhookError } from "./client/receiveWebhook.ts"
export { ClientClosed } from "./exchange/ClientClosed.ts"
export { ProviderError } from "./exchange/ProviderError.ts"
export type { ProviderErrorFields } from "./exchange/ProviderError.ts"
export type { RequestDispatcher } from "./http/Route.ts"
export type {
  Intent,
  IntentFile,
  IntentFilter,
  IntentOutcome,
  IntentState,
  Ledger,
  NewIntent
} from "./ledger/Ledger.ts"
export { memoryLedger } from "./ledger/memoryLedger.ts"
export * as DurationStore from "./polling/learned/DurationStore.ts"
export * as PollPolicy from "./polling/PollPolicy.ts"
export type { PollFailure } from "./polling/Subscriber.ts"
export type { AccountOptions } from "./provider/AccountOptions.ts"
export type { ProviderAccount } from "./provider/ProviderAccount.ts"
export type { ErrorReason, ErrorReasonTag } from "./provider/ErrorReason.ts"
export type { ProviderSpec } from "./provider/ProviderSpec.ts"
export { SaveError } from "./save/SaveError.ts"
export type { SaveErrorReason } from "./save/SaveError.ts"
export type { SaveCallbacks, SaveProgress } from "./save/SaveCallbacks.ts"
export type { SavedFile } from "./save/SavedFile.ts"
export type { FolderPlace, SaveOptions, SavePlace, SaveSettings, TargetPlace } from "./save/SaveOptions.ts"
export type {
  SaveTarget,
  TargetConnection,
  TargetDigest,
  TargetDownload,
  TargetError,
  TargetFile,
  TargetPutOptions,
  TargetPutResult,
  TargetRange,
  TargetRequest,
  TargetResponse,
  TargetState,
  TargetTransport,
  UploadNote
} from "./save/target/SaveTarget.ts"
export * from "./task/index.ts"
export type {
  Generated,
  GenerateFailure,
  GenerateOptions,
  GenerateSettings,
  SubmitFailure,
  SubmitOptions
} from "./client/SubmitOptions.ts"
export type { MediaSource, PathSource, StreamSource } from "./provider/MediaSource.ts"
export type { WebhookTarget } from "./provider/SubmitOperation.ts"
export type { CancelResult } from "./submit/cancelTask.ts"
export type { InputProblem, InputProblemCode } from "./account/InputProblem.ts"
export type { Balance } from "./submit/queryBalance.ts"
export type { Reconciled } from "./submit/reconcileIntent.ts"
export { LedgerFailed, SubmitOutcomeUnknown, SubmitRejected, UploadFailed } from "./submit/SubmitError.ts"
export type { SubmitErrorFields } from "./submit/SubmitError.ts"
export type { SubmitInput, Submitted } from "./submit/SubmitInput.ts"
export type { SubmitAborted } from "./submit/SubmitAborted.ts"
export type { SubmitError } from "./submit/submitTask.ts"
export type { IncomingWebhook, ReceivedWebhook, WebhookHeaders } from "./webhook/IncomingWebhook.ts"
export { InvalidWebhook } from "./webhook/InvalidWebhook.ts"
export type { InvalidWebhookFields, InvalidWebhookReason } from "./webhook/InvalidWebhook.ts"
