import type { SavePlace, SaveSettings } from "../save/SaveOptions.ts"
import type { SaveError } from "../save/SaveError.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import type { Submitted } from "../submit/SubmitInput.ts"
import type { ClientClosed } from "../exchange/ClientClosed.ts"
import type { SubmitAborted } from "../submit/SubmitAborted.ts"
import type { SubmitError } from "../submit/submitTask.ts"
import type { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import type { SucceededSnapshot } from "../task/TaskSnapshot.ts"
import type { WaitOptions } from "./OperationOptions.ts"
import type { WaitError } from "./WaitError.ts"

/** Options of `submit`. */
export interface SubmitOptions {
  /**
   * Aborts the submit. If the request may have been sent by then, the submit fails with `SubmitOutcomeUnknown`, and
   * otherwise with the signal's reason.
   */
  readonly signal?: AbortSignal | undefined
}

/** Options of `generate`: those of `wait` and `save`. `timeout` is that of the wait. */
export type GenerateOptions = GenerateSettings & SavePlace

/** The options of `generate` besides the place. */
export interface GenerateSettings extends WaitOptions, Omit<SaveSettings, "timeout"> {
  /** Called when the task has been created, with its ref. */
  readonly onSubmit?: ((submitted: Submitted) => void) | undefined
}

/** The result of `generate`. */
export interface Generated extends Omit<Submitted, "snapshot"> {
  /** The final snapshots of the tasks. */
  readonly snapshots: ReadonlyArray<SucceededSnapshot>
  /** The saved files of all tasks. */
  readonly files: ReadonlyArray<SavedFile>
}

/** Errors of `submit`. */
export type SubmitFailure = SubmitError | SubmitAborted | InvalidTaskRef | ClientClosed

/** Errors of `generate`. */
export type GenerateFailure = SubmitFailure | WaitError | SaveError
