import type { CommonInput } from "../provider/CommonInput.ts"
import type { MediaSource } from "../provider/MediaSource.ts"
import type { WebhookTarget } from "../provider/SubmitOperation.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** A task to create. `models` of a provider's factory creates requests with the types of one model. */
export interface SubmitInput extends CommonInput<MediaSource> {
  /** The account, as in a task ref: `jimmy`, or `jimeng@deepwl`. */
  readonly account: string
  /** The vendor's name of the model. */
  readonly model: string
  /** The vendor's own input, which overrides the common inputs. Media in it may be files. @default no input */
  readonly input?: Readonly<Record<string, unknown>> | undefined
  /**
   * Identifies the submit: 1 to 255 visible ASCII characters. The same key with the same request returns the same task.
   * The same key with another request is an error.
   *
   * @default a new UUID
   */
  readonly idempotencyKey?: string | undefined
  /** Where the vendor sends a notification about the task. @default no notification */
  readonly webhook?: WebhookTarget | undefined
}

/** The result of a submit. */
export interface Submitted {
  /** The ref of the task. Of several, the first. */
  readonly ref: string
  /** The refs of all tasks. Some vendors create several for one request. */
  readonly refs: ReadonlyArray<string>
  /** What the vendor said about the first task when it accepted the request. */
  readonly snapshot: TaskSnapshot
  /** The id of the recorded intent. Null without a ledger. */
  readonly intent: string | null
  /** The idempotency key. */
  readonly idempotencyKey: string
  /** Whether the task was created by an earlier submit with the same idempotency key. */
  readonly isReplay: boolean
  /** Sentences about problems after the task was created, such as a ledger that could not be written. */
  readonly warnings: ReadonlyArray<string>
}
