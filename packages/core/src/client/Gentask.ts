import type { CancelResult } from "../submit/cancelTask.ts"
import type { Balance } from "../submit/queryBalance.ts"
import type { Reconciled } from "../submit/reconcileIntent.ts"
import type { SubmitInput, Submitted } from "../submit/SubmitInput.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import type { SaveOptions } from "../save/SaveOptions.ts"
import type { SucceededSnapshot, TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { IncomingWebhook, ReceivedWebhook } from "../webhook/IncomingWebhook.ts"
import type { ClientPolicies } from "./ClientOptions.ts"
import type { QueryOptions, RefInput, RefList, WaitOptions, WatchOptions } from "./OperationOptions.ts"
import type { Settled } from "./PendingWait.ts"
import type { RetryOptions } from "./RetryPolicy.ts"
import type { Generated, GenerateOptions, SubmitOptions } from "./SubmitOptions.ts"
import type { TransportOptions } from "./TransportOptions.ts"

/** Cancels an operation. */
export interface SignalOptions {
  /** Rejects the operation with the signal's reason as soon as it is aborted. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `createGentask`. */
export interface GentaskOptions extends ClientPolicies, TransportOptions {
  /** The accounts, such as `[jimmy({ apiKey })]`. */
  readonly providers: ReadonlyArray<ProviderAccount>
  /** When to retry a failed `query`. False disables retries. @default up to 4 retries of transient errors */
  readonly retry?: RetryOptions | false | undefined
}

/**
 * A client for tasks of all configured providers.
 *
 * Operations reject with errors that extend `GentaskError` and have a `_tag`. After `close`, it is `ClientClosed`.
 */
export interface Gentask {
  /**
   * Queries a task once. Transient errors are retried. A failed task is a value, not an error.
   *
   * ```ts
   * const { status } = await gentask.query("jimmy:1001")
   * ```
   *
   * @param ref The task ref, as text or as its parts.
   * @returns The task's current snapshot.
   * @throws {ProviderError} If the vendor could not be reached, or rejected the query.
   * @throws {ConfigurationError | InvalidTaskRef} If the ref or its account is invalid. Nothing was sent.
   */
  readonly query: (ref: RefInput, options?: QueryOptions & SignalOptions) => Promise<TaskSnapshot>
  /**
   * Iterates over the snapshots of a task until it ends. Unchanged snapshots are left out.
   *
   * ```ts
   * for await (const { status, progress } of gentask.watch("jimmy:1001")) console.log(status, progress)
   * ```
   *
   * @throws {ProviderError} If the vendor refuses the query, or does not know the task.
   * @throws {ConfigurationError | InvalidTaskRef} If the ref or its account is invalid. Nothing was sent.
   */
  readonly watch: (ref: RefInput, options?: WatchOptions & SignalOptions) => AsyncIterable<TaskSnapshot>
  /**
   * Waits until a task has succeeded. Transient errors do not end the wait.
   *
   * ```ts
   * const task = await gentask.wait("jimmy:1001", { timeout: "10 minutes" })
   * ```
   *
   * @returns The snapshot of the succeeded task.
   * @throws {TaskFailed} If the task failed, was canceled or expired.
   * @throws {StillRunning} If the timeout passed. Wait for the same ref to resume.
   * @throws {ProviderError} If the vendor refuses the query, or does not know the task.
   * @throws {ConfigurationError | InvalidTaskRef} If the ref or its account is invalid. Nothing was sent.
   */
  readonly wait: (ref: RefInput, options?: WaitOptions & SignalOptions) => Promise<SucceededSnapshot>
  /**
   * Waits for several tasks and yields each result when it settles. A failed task does not end the other waits.
   *
   * ```ts
   * for await (const result of gentask.waitAll(["jimmy:1001", "sora:1002"])) {
   *   console.log(result.ref, result.ok ? result.snapshot.outputs : result.error.message)
   * }
   * ```
   *
   * @param refs The task refs. A single string is not accepted.
   * @throws {ConfigurationError} If `refs` is not a list, or an option is invalid. Other errors are in the results.
   */
  readonly waitAll: (refs: RefList, options?: WaitOptions & SignalOptions) => AsyncIterable<Settled>
  /**
   * Downloads the outputs of a task to a folder. Each file is complete or missing. Files that were saved before are
   * verified and kept.
   *
   * ```ts
   * const [file] = await gentask.save("jimmy:1001", { dir: "out" })
   * ```
   *
   * @param task A snapshot, or a ref, which is queried first.
   * @throws {SaveError} If an output could not be saved. `saved` lists the files that were.
   * @throws {ConfigurationError | InvalidTaskRef} If an option, the ref or its account is invalid. Nothing was sent.
   * @throws {ProviderError} If the task is given as a ref, and the query failed.
   */
  readonly save: (
    task: TaskSnapshot | RefInput,
    options: SaveOptions & SignalOptions
  ) => Promise<ReadonlyArray<SavedFile>>
  /**
   * Creates a task at the vendor, at most once. Records the submit in the client's ledger before it is sent.
   *
   * ```ts
   * const { ref } = await gentask.submit({ account: "jimmy", model: "gpt-image-2", prompt: "A fox in the snow" })
   * ```
   *
   * @param request What to create. `models` of a provider's factory creates requests with types.
   * @returns The ref of the task, and what the vendor said about it.
   * @throws {SubmitRejected} If the vendor created no task.
   * @throws {SubmitOutcomeUnknown} If the vendor may have created a task. Do not submit again: see `reconcile`.
   * @throws {UploadFailed} If an input file could not be uploaded. No task was created.
   * @throws {LedgerFailed} If the ledger cannot be written. Nothing was sent.
   * @throws {ConfigurationError} If the request or the account is invalid, with all problems. Nothing was sent.
   */
  readonly submit: (request: SubmitInput, options?: SubmitOptions) => Promise<Submitted>
  /**
   * Creates a task, waits until it has succeeded, and saves its outputs.
   *
   * ```ts
   * const { files } = await gentask.generate(
   *   { account: "jimmy", model: "gpt-image-2", prompt: "A fox in the snow" },
   *   { dir: "out", timeout: "10 minutes" }
   * )
   * ```
   *
   * @returns The refs, the final snapshots and the saved files.
   * @throws What `submit`, `wait` and `save` throw. The errors of `wait` and `save` contain the ref of the task.
   */
  readonly generate: (request: SubmitInput, options: GenerateOptions & SubmitOptions) => Promise<Generated>
  /**
   * Cancels a task, where the vendor can.
   *
   * ```ts
   * const { result } = await gentask.cancel("jimmy:1001")
   * ```
   *
   * @returns Whether the task is canceled, will be, or can no longer be canceled.
   * @throws {ConfigurationError} If the vendor cannot cancel tasks, or the ref or its account is invalid.
   * @throws {ProviderError} If the vendor did not cancel the task.
   */
  readonly cancel: (ref: RefInput, options?: SignalOptions) => Promise<CancelResult>
  /**
   * Queries the credit of an account.
   *
   * ```ts
   * const { available } = await gentask.balance("jimmy")
   * ```
   *
   * @param account The account, as in a task ref: `jimmy`, or `jimeng@deepwl`.
   * @throws {ConfigurationError} If the vendor does not report it, or the account is invalid.
   * @throws {ProviderError} If the query failed.
   */
  readonly balance: (account: string, options?: SignalOptions) => Promise<Balance>
  /**
   * Finds out whether submits without a known outcome created a task, where the vendor has a way to find it. Never picks one of
   * several. If the vendor documents an idempotency key, the request is sent once more within 10 minutes of the submit,
   * which creates the task if the vendor has not received it before.
   *
   * ```ts
   * for (const { intent, result, refs } of await gentask.reconcile()) console.log(intent, result, refs)
   * ```
   *
   * @param intent The id of an intent. @default all intents without an outcome
   * @throws {ConfigurationError} If the client has no ledger, or there is no such intent.
   */
  readonly reconcile: (intent?: string, options?: SignalOptions) => Promise<ReadonlyArray<Reconciled>>
  /**
   * Verifies a webhook, and queries its task as soon as the account's rate budget permits if this client waits for it. The
   * vendor's response to that query decides about the task, and never the webhook: a forged, repeated or late one causes
   * no more than a bounded number of queries.
   *
   * ```ts
   * const { refs } = await gentask.receiveWebhook("aigptimage@kie", { headers: request.headers, body, secret })
   * ```
   *
   * @param account The account, as in a task ref: `jimmy`, or `aigptimage@kie`.
   * @param webhook The HTTP request that the vendor has sent, with its body as it was received.
   * @returns The refs of the tasks that have changed, and what to respond with.
   * @throws {InvalidWebhook} If the signature or the body is invalid. Respond with HTTP 400.
   * @throws {ProviderError} If the vendor's public keys could not be requested. Respond with HTTP 503.
   * @throws {ConfigurationError} If the vendor has no webhooks, the secret is missing, or the account is invalid.
   */
  readonly receiveWebhook: (
    account: string,
    webhook: IncomingWebhook,
    options?: SignalOptions
  ) => Promise<ReceivedWebhook>
  /** Ends all operations with `ClientClosed` and closes the connections. A program may also exit without it. */
  readonly close: () => Promise<void>
  /** Same as `close`, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}
