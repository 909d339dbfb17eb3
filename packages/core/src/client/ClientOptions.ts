import type { Ledger } from "../ledger/Ledger.ts"
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

/** When a wait ends because the vendor keeps sending the same response that cannot be decoded. */
export interface UnexpectedResponseOptions {
  /** Minimum number of consecutive identical responses. @default 10 */
  readonly times?: number | undefined
  /** Minimum time from the first to the last of them. @default "10 minutes" */
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
  /** When to give up on responses that cannot be decoded. @default 10 times within at least 10 minutes */
  readonly unexpectedResponse?: UnexpectedResponseOptions | undefined
  /**
   * The durable record of submits, tasks and saved files, such as that of `@gentask/ledger`. `submit` and `generate` need
   * it, or `false` to submit without a record: if the process then crashes, a paid task may be lost. The client does not
   * close it.
   */
  readonly ledger?: Ledger | false | undefined
  /** Maximum duration of one request. @default "30 seconds" */
  readonly requestTimeout?: DurationInput | undefined
  /** Maximum size of a response, in bytes. Some vendors include media. @default 67108864 (64 MiB) */
  readonly maxResponseBytes?: number | undefined
}

/** Options of the engine, which both client APIs use. */
export interface EngineOptions extends ClientPolicies {
  readonly providers: ReadonlyArray<ProviderAccount>
  readonly retryPolicy?: RetryPolicy | undefined
  /** Whether the ledger records the snapshots of queries. Files and submits are always recorded. @default true */
  readonly recordsTasks?: boolean | undefined
}
