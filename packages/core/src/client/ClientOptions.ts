import type { PollPolicy } from "../polling/PollPolicy.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { DurationInput } from "../task/duration.ts"
import type { RetryPolicy } from "./RetryPolicy.ts"

/**
 * When polling ends with `TaskNotFound`: after `times` responses over at least `grace`. Directly after a submit, vendors
 * may not know the task yet.
 */
export interface NotFoundOptions {
  /** Minimum number of consecutive "not found" responses. @default 3 */
  readonly times?: number | undefined
  /** Minimum time from the first to the last of them. @default "30 seconds" */
  readonly grace?: DurationInput | undefined
}

/** Policies and limits of a client. The defaults suit most programs. */
export interface ClientPolicies {
  /**
   * When to poll a task again.
   *
   * @default `PollPolicy.learned()`: a tenth of the task's age, until it has learned how long such tasks take
   */
  readonly pollPolicy?: PollPolicy | undefined
  /** When polling ends with `TaskNotFound`. @default after 3 responses over at least 30 seconds */
  readonly notFound?: NotFoundOptions | undefined
  /** Maximum duration of one request. @default "30 seconds" */
  readonly requestTimeout?: DurationInput | undefined
  /** Maximum size of a response, in bytes. Some vendors include media. @default 67108864 (64 MiB) */
  readonly maxResponseBytes?: number | undefined
}

/** Options of the engine, which both client APIs use. */
export interface EngineOptions extends ClientPolicies {
  readonly providers: ReadonlyArray<ProviderAccount>
  readonly retryPolicy?: RetryPolicy | undefined
}
