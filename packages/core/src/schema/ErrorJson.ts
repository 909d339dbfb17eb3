import type { ConfigurationErrorReason } from "../account/ConfigurationError.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { SaveErrorReason } from "../save/SaveError.ts"
import type { SnapshotJson } from "../task/toJson.ts"
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
  readonly provider: string
  readonly account: string
  readonly ref: string
  readonly reason: ErrorReason
}

/** A `ConfigurationError` as JSON. */
export interface ConfigurationErrorJson extends ErrorBaseJson<"ConfigurationError"> {
  readonly reason: ConfigurationErrorReason
}

/** An `InvalidTaskRef` as JSON. */
export interface InvalidTaskRefJson extends ErrorBaseJson<"InvalidTaskRef"> {
  readonly input: string
  readonly problem: string
}

/** A `TaskFailed` error as JSON. */
export interface TaskFailedJson extends ErrorBaseJson<"TaskFailed"> {
  readonly ref: string
  readonly snapshot: SnapshotJson
}

/** A `StillRunning` error as JSON. */
export interface StillRunningJson extends ErrorBaseJson<"StillRunning"> {
  readonly ref: string
  readonly snapshot: SnapshotJson | null
  readonly lastError: ProviderErrorJson | null
}

/** The reason of a `SaveError` as JSON. Undefined members are null. */
export type SaveErrorReasonJson = WithNull<SaveErrorReason>

/** A `SaveError` as JSON. */
export interface SaveErrorJson extends ErrorBaseJson<"SaveError"> {
  readonly ref: string
  readonly reason: SaveErrorReasonJson
  readonly saved: ReadonlyArray<SavedFileJson>
}

/** A `ClientClosed` error as JSON. */
export type ClientClosedJson = ErrorBaseJson<"ClientClosed">

/** An `InvalidJson` error as JSON. */
export interface InvalidJsonJson extends ErrorBaseJson<"InvalidJson"> {
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
  | ClientClosedJson
  | InvalidJsonJson
