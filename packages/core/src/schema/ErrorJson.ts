import type { ConfigurationErrorReason } from "../account/ConfigurationError.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { SaveErrorReason } from "../save/SaveError.ts"
import type { FailureJson, SnapshotJson } from "../task/toJson.ts"
import type { InvalidWebhookReason } from "../webhook/InvalidWebhook.ts"
import type { SavedFileJson } from "./SavedFileFromJson.ts"

/** JSON has no `undefined`: these members are null. */
type WithNull<Reason> = {
  readonly [Key in keyof Reason]: undefined extends Reason[Key]
    ? Exclude<Reason[Key], undefined> | null
    : Reason[Key]
}

/** The members that the JSON of every error has. */
interface ErrorBaseJson<Tag extends string> {
  /** The version of this format. */
  readonly version?: 1
  /** The kind of error. */
  readonly _tag: Tag
  /** What is wrong and what to do. */
  readonly message: string
}

/** A `ProviderError` as JSON. */
export interface ProviderErrorJson extends ErrorBaseJson<"ProviderError"> {
  /** The provider's id. */
  readonly provider: string
  /** The account's name. */
  readonly account: string
  /** The task ref. */
  readonly ref: string
  /** Why the query failed, with the vendor's code, message and HTTP status where known. */
  readonly reason: ErrorReason
}

/** A `ConfigurationError` as JSON. */
export interface ConfigurationErrorJson extends ErrorBaseJson<"ConfigurationError"> {
  /** What is wrong, with the names involved. */
  readonly reason: ConfigurationErrorReason
}

/** An `InvalidTaskRef` as JSON. */
export interface InvalidTaskRefJson extends ErrorBaseJson<"InvalidTaskRef"> {
  /** The text that is not a task ref. */
  readonly input: string
  /** What is wrong with it, as the rest of a sentence. */
  readonly problem: string
}

/** A `TaskFailed` error as JSON. */
export interface TaskFailedJson extends ErrorBaseJson<"TaskFailed"> {
  /** The task ref. */
  readonly ref: string
  /** The last snapshot of the task. */
  readonly snapshot: SnapshotJson
}

/** A `StillRunning` error as JSON. */
export interface StillRunningJson extends ErrorBaseJson<"StillRunning"> {
  /** The task ref. */
  readonly ref: string
  /** The last snapshot. Null if the vendor has not reported the task yet. */
  readonly snapshot: SnapshotJson | null
  /** The error of the last poll. Null if it succeeded, or if there was none. */
  readonly lastError: ProviderErrorJson | null
}

/** The reason of a `SaveError` as JSON. Undefined members are null. */
export type SaveErrorReasonJson = WithNull<SaveErrorReason>

/** A `SaveError` as JSON. */
export interface SaveErrorJson extends ErrorBaseJson<"SaveError"> {
  /** The task ref. */
  readonly ref: string
  /** Why an output could not be saved. */
  readonly reason: SaveErrorReasonJson
  /** The outputs of the same task that were saved nevertheless. */
  readonly saved: ReadonlyArray<SavedFileJson>
}

/** The members that the JSON of the errors of a submit has. */
interface SubmitErrorBaseJson<Tag extends string> extends ErrorBaseJson<Tag> {
  /** The account, as in a task ref. */
  readonly account: string
  /** The vendor's name of the model. */
  readonly model: string
  /** The idempotency key of the submit. */
  readonly idempotencyKey: string
  /** The id of the recorded intent. Null without a ledger. */
  readonly intent: string | null
}

/** A `SubmitRejected` error as JSON. */
export interface SubmitRejectedJson extends SubmitErrorBaseJson<"SubmitRejected"> {
  /** Why, with the vendor's code, message and HTTP status where known. */
  readonly reason: ErrorReason
  /** The reason in the terms of a failed task. */
  readonly failure: FailureJson
}

/** A `SubmitOutcomeUnknown` error as JSON. */
export interface SubmitOutcomeUnknownJson extends SubmitErrorBaseJson<"SubmitOutcomeUnknown"> {
  /** What the last attempt ended with. */
  readonly lastError: ErrorReason
}

/** An `UploadFailed` error as JSON. */
export interface UploadFailedJson extends ErrorBaseJson<"UploadFailed"> {
  /** The account, as in a task ref. */
  readonly account: string
  /** The file's name. */
  readonly file: string
  /** Why, with the vendor's code, message and HTTP status where known. */
  readonly reason: ErrorReason
}

/** A `LedgerFailed` error as JSON. */
export type LedgerFailedJson = ErrorBaseJson<"LedgerFailed">

/** An `InvalidWebhook` error as JSON. */
export interface InvalidWebhookJson extends ErrorBaseJson<"InvalidWebhook"> {
  /** The account, as in a task ref. */
  readonly account: string
  /** Why the webhook was rejected. */
  readonly reason: InvalidWebhookReason
}

/** A `ClientClosed` error as JSON. */
export type ClientClosedJson = ErrorBaseJson<"ClientClosed">

/** An `InvalidJson` error as JSON. */
export interface InvalidJsonJson extends ErrorBaseJson<"InvalidJson"> {
  /** The dotted path of the invalid value. Empty for the value as a whole. */
  readonly path: string
}

/** An error of gentask as JSON. `_tag` says which one it is. */
export type ErrorJson =
  | ProviderErrorJson
  | ConfigurationErrorJson
  | InvalidTaskRefJson
  | TaskFailedJson
  | StillRunningJson
  | SaveErrorJson
  | SubmitRejectedJson
  | SubmitOutcomeUnknownJson
  | UploadFailedJson
  | LedgerFailedJson
  | InvalidWebhookJson
  | ClientClosedJson
  | InvalidJsonJson
