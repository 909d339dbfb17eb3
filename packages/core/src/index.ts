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
export type { Gentask, GentaskOptions, SignalOptions } from "./client/createGentask.ts"
export type { QueryOptions, RefInput, RefList, WaitOptions, WatchOptions } from "./client/OperationOptions.ts"
export type { Settled } from "./client/PendingWait.ts"
export type { RetryOptions } from "./client/RetryPolicy.ts"
export type { TransportOptions } from "./client/TransportOptions.ts"
export { StillRunning, TaskFailed } from "./client/WaitError.ts"
export type { QueryError, StillRunningFields, WaitError } from "./client/WaitError.ts"
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
export type { SaveOptions } from "./save/save.ts"
export type { SavedFile } from "./save/SavedFile.ts"
export * from "./task/index.ts"
