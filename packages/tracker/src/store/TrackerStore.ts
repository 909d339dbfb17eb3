/** The port to the tracker's database. One implementation on SQL serves SQLite and Postgres. */
import type { Ledger } from "@gentask/core"
import type { SavedFile, TaskSnapshot } from "@gentask/core"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { AccountRecord, Ownership, SpentRequests } from "./Ownership.ts"
import type { DueSave, NewTask, OpenTask, TaskFilter, TaskProgress, TaskRecord } from "./TaskRecord.ts"
import type { QueuedSubmit, SubmitRecord } from "./SubmitRecord.ts"
import type { CancelOutcome, QueuedCancel } from "./QueuedCancel.ts"
import type { Delivery, TrackerEvent, WebhookEndpoint } from "./Delivery.ts"
import type { StoreError } from "./StoreError.ts"

export type { AccountRecord, Ownership, SpentRequests } from "./Ownership.ts"
export type { DueSave, NewTask, OpenTask, TaskFilter, TaskProgress, TaskRecord } from "./TaskRecord.ts"
export type { QueuedSubmit, SubmitRecord, SubmitWebhook } from "./SubmitRecord.ts"
export type { CancelOutcome, QueuedCancel } from "./QueuedCancel.ts"
export type { Delivery, TrackerEvent, WebhookEndpoint } from "./Delivery.ts"

/**
 * The tracker's database. All times that several processes compare are those of the database, so that clocks may differ.
 *
 * Methods with an `epoch` return false, and change nothing, if another owner has taken the account since.
 */
export interface TrackerStoreService {
  /** The intents and tasks, as core's submits use them. */
  readonly ledger: Ledger

  /** Takes an account from its previous owner. Waits for a transaction in which that one still settles. */
  readonly take: (account: string, owner: string) => Effect.Effect<Ownership, StoreError>
  /**
   * Reserves the right to send requests for a time, and records those that were sent.
   *
   * @param spent What must count as sent if the owner dies: what it has sent, and what it may send until the reservation
   *   ends, as negative ages.
   * @param lastError The error of the account's last poll, to show it. @default null
   */
  readonly reserve: (
    ownership: Ownership,
    spent: SpentRequests,
    lastError?: string | null
  ) => Effect.Effect<boolean, StoreError>
  /** Hands an account over: the successor need not wait for a reservation. */
  readonly release: (
    ownership: Ownership,
    spent: SpentRequests,
    progress: ReadonlyArray<TaskProgress>
  ) => Effect.Effect<boolean, StoreError>

  /**
   * Adds tasks that are not known yet, in transactions of 1,000. Returns the refs that were added. Fails, and adds nothing,
   * if a ref is invalid.
   */
  readonly addTasks: (tasks: ReadonlyArray<NewTask>) => Effect.Effect<ReadonlyArray<string>, StoreError>
  /** Returns open tasks of an account in the order of `seq`. */
  readonly openTasks: (
    account: string,
    afterSeq: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<OpenTask>, StoreError>
  /**
   * Records news of tasks: task, events and deliveries change in one transaction. Forgotten tasks are not added again. A
   * task that has ended changes only as `isUpdate` of core permits. Succeeded tasks with outputs get a time by which they
   * must be saved, also if another program, such as the command line, has recorded their end.
   */
  readonly settle: (
    ownership: Ownership,
    snapshots: ReadonlyArray<TaskSnapshot>
  ) => Effect.Effect<boolean, StoreError>

  /** Records the last errors of polls. The tasks remain open. Null removes an error. */
  readonly recordErrors: (
    ownership: Ownership,
    errors: ReadonlyArray<{ readonly ref: string; readonly error: string | null }>
  ) => Effect.Effect<boolean, StoreError>
  /** Has the owner of a task poll it soon, wherever it runs. */
  readonly wake: (ref: string) => Effect.Effect<void, StoreError>

  /**
   * Queues a submit, and adds the endpoint `we_ID` of its webhook, unless the account has a submit with this idempotency
   * key. Returns the recorded one.
   */
  readonly queueSubmit: (submit: QueuedSubmit) => Effect.Effect<SubmitRecord, StoreError>
  /** Returns the queued submits of an account, oldest first. */
  readonly queuedSubmits: (
    account: string,
    limit: number
  ) => Effect.Effect<ReadonlyArray<QueuedSubmit>, StoreError>
  /** Records the outcome of a submit. The tasks are recorded by the ledger. */
  readonly submitSettled: (
    ownership: Ownership,
    id: string,
    outcome: Pick<SubmitRecord, "state" | "refs" | "error">
  ) => Effect.Effect<boolean, StoreError>
  readonly submit: (id: string) => Effect.Effect<SubmitRecord | undefined, StoreError>

  /** Queues a cancel for the owner of its account. */
  readonly queueCancel: (cancel: QueuedCancel) => Effect.Effect<void, StoreError>
  /** Returns the recent cancels of an account that have no outcome, oldest first. */
  readonly queuedCancels: (
    account: string,
    limit: number
  ) => Effect.Effect<ReadonlyArray<QueuedCancel>, StoreError>
  readonly cancelSettled: (
    ownership: Ownership,
    id: string,
    outcome: CancelOutcome
  ) => Effect.Effect<boolean, StoreError>
  /** Returns the outcome of a cancel, or null while it is pending. */
  readonly cancelOutcome: (id: string) => Effect.Effect<unknown, StoreError>
  /** Removes a cancel. Without an outcome, it is not sent any more, unless it is under way. */
  readonly removeCancel: (id: string) => Effect.Effect<void, StoreError>

  /** Returns the tasks of an account that are to be saved, the most urgent first. */
  readonly dueSaves: (account: string, limit: number) => Effect.Effect<ReadonlyArray<DueSave>, StoreError>
  /** Records saved files, and their event. */
  readonly saved: (
    ownership: Ownership,
    ref: string,
    files: ReadonlyArray<SavedFile>
  ) => Effect.Effect<boolean, StoreError>
  /** Records that saving failed. Without `retryInMs` it is not tried again, and an event says so. */
  readonly saveFailed: (
    ownership: Ownership,
    ref: string,
    error: string,
    retryInMs: number | undefined
  ) => Effect.Effect<boolean, StoreError>

  /**
   * Returns deliveries of an account that are due, and hides them from other callers for `leaseMs`. Skips disabled
   * endpoints, and those in the given lanes.
   */
  readonly takeDeliveries: (
    account: string,
    limit: number,
    leaseMs: number,
    exceptLanes?: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<Delivery>, StoreError>
  readonly delivered: (deliveryId: number) => Effect.Effect<void, StoreError>
  /** Records a failed attempt. Without `retryInMs` the delivery is dead until it is replayed. */
  readonly deliveryFailed: (
    deliveryId: number,
    error: string,
    retryInMs: number | undefined
  ) => Effect.Effect<void, StoreError>
  /** Makes dead deliveries of an endpoint due again. Returns how many. */
  readonly replay: (endpointId: string) => Effect.Effect<number, StoreError>
  /** The endpoints of the user, without those of single submits. */
  readonly endpoints: Effect.Effect<ReadonlyArray<WebhookEndpoint>, StoreError>
  /** Returns an endpoint, also that of a submit. */
  readonly endpoint: (id: string) => Effect.Effect<WebhookEndpoint | undefined, StoreError>
  readonly putEndpoint: (endpoint: WebhookEndpoint) => Effect.Effect<void, StoreError>
  readonly deleteEndpoint: (id: string) => Effect.Effect<boolean, StoreError>

  readonly task: (ref: string) => Effect.Effect<TaskRecord | undefined, StoreError>
  readonly tasks: (
    filter: TaskFilter
  ) => Effect.Effect<
    { readonly tasks: ReadonlyArray<TaskRecord>; readonly cursor: string | null },
    StoreError
  >
  /** Returns events in the order in which they became visible: an event never appears before one already read. */
  readonly events: (
    afterSeq: number,
    limit: number,
    ref?: string
  ) => Effect.Effect<ReadonlyArray<TrackerEvent>, StoreError>
  readonly lastEventSeq: Effect.Effect<number, StoreError>
  /** Forgets a task and its events. Files stay. */
  readonly forget: (ref: string) => Effect.Effect<boolean, StoreError>
  /**
   * Deletes tasks that ended longer ago than this, with their events, and submits and intents without tasks. Keeps what is
   * still to be saved or delivered, and submits with an unknown outcome. Files stay. Returns how many tasks were deleted.
   */
  readonly prune: (keepForMs: number) => Effect.Effect<number, StoreError>
  readonly accounts: Effect.Effect<ReadonlyArray<AccountRecord>, StoreError>
  /**
   * Accounts with new tasks, queued submits or replayed deliveries; refs of tasks to poll now; and `*` for new events and
   * outcomes of submits. The hints may be missing or repeated.
   */
  readonly changes: Stream.Stream<string>
  /** Succeeds if the database can be written. It writes, so that a full disk is noticed. */
  readonly check: Effect.Effect<void, StoreError>
}

/** The tracker's database. */
export class TrackerStore extends Context.Service<TrackerStore, TrackerStoreService>()(
  "@gentask/tracker/TrackerStore"
) {}
