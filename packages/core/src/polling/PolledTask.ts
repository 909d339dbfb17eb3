import type * as Fiber from "effect/Fiber"
import type { AccountClient, QueryResult } from "../exchange/AccountClient.ts"
import type { LastResponse } from "../exchange/decodeIfChanged.ts"
import type { ResolvedRef } from "../exchange/AccountRegistry.ts"
import type { ProviderError, QueryFailure } from "../exchange/ProviderError.ts"
import type { QueuedRequest, Release } from "../exchange/RequestQueue.ts"
import type { TaskQuery } from "../exchange/TaskQuery.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { Due } from "./Heap.ts"
import { startTimes } from "./observedDuration.ts"
import type { TaskTimes } from "./observedDuration.ts"
import type { ScheduledTask } from "./PollScheduler.ts"
import type { Subscriber, Update } from "./Subscriber.ts"
import type { WakeLimit } from "./WakeLimit.ts"

/** Polls a task once. `release` returns the permit that the request queue granted. */
export type PollTask = (task: PolledTask, release: Release) => void

/** An error that several polls had in common. */
export interface RepeatedError {
  /** Equal for errors that count as the same. */
  readonly key: string
  times: number
  readonly since: number
}

/** What is known about a task whose polling another process began. */
export interface ResumedTask {
  /** How long the task has been polled, in milliseconds. */
  readonly ageMs: number
  /** Delay until the next poll, in milliseconds. */
  readonly delayMs: number
  readonly polls: number
  /** How long ago the vendor first reported that it does not know the task, in milliseconds. Undefined if it does. */
  readonly notFoundForMs?: number | undefined
  /** The last snapshot. */
  readonly last?: TaskSnapshot | undefined
  /** What the last snapshot is read from when it is needed, if `last` is unset. */
  readonly recorded?: RecordedTask | undefined
}

/** A record whose snapshot is decoded when it is read. */
export interface RecordedTask {
  readonly snapshot: TaskSnapshot | null
}

const none: ReadonlyArray<Subscriber> = []

/**
 * The state of one polled task and its subscribers. A process may poll a million tasks, so each is a single object
 * without closures.
 */
export class PolledTask implements Due, ScheduledTask, QueuedRequest, LastResponse {
  readonly query: TaskQuery
  readonly client: AccountClient
  time: TaskTimes
  dueAt: number
  heapIndex = -1
  /** Before that, the vendor requires that the task is not polled. */
  notBefore: number | undefined = undefined
  /** Set once the task was woken. */
  wakeLimit: WakeLimit | undefined = undefined
  #last: TaskSnapshot | undefined = undefined
  #recorded: RecordedTask | undefined = undefined
  digest: string | undefined = undefined
  /** The error of the last poll, if it failed. */
  lastError: ProviderError | undefined = undefined
  polls = 0
  failures = 0
  /** The error that the last polls repeated, if polling must stop when it repeats for long. */
  repeated: RepeatedError | undefined = undefined
  previous: number | undefined = undefined
  isWaiting = false
  /** The request in flight. */
  fiber: Fiber.Fiber<QueryResult, QueryFailure> | undefined = undefined
  #raw: unknown = undefined
  // Most tasks have one subscriber, which then needs no array.
  #first: Subscriber | undefined = undefined
  #others = none
  /** Subscribers that have not received a snapshot yet, although the task has one. */
  #pending = none
  readonly #poll: PollTask

  constructor({ query, client }: ResolvedRef, now: number, poll: PollTask) {
    this.query = query
    this.client = client
    this.time = startTimes(now)
    this.dueAt = now
    this.#poll = poll
  }

  /** Continues the polling of another process. Subscribers are not notified of the last snapshot. */
  resume(now: number, { ageMs, polls, notFoundForMs, last, recorded }: ResumedTask): void {
    this.time = startTimes(now - ageMs)
    this.polls = polls
    this.last = last
    this.#recorded = last === undefined ? recorded : undefined
    if (notFoundForMs !== undefined)
      this.repeated = { key: "TaskNotFound", times: polls, since: now - notFoundForMs }
  }

  get last(): TaskSnapshot | undefined {
    if (this.#recorded !== undefined) {
      this.#last = this.#recorded.snapshot ?? undefined
      this.#recorded = undefined
    }
    return this.#last
  }

  set last(snapshot: TaskSnapshot | undefined) {
    this.#last = snapshot
    this.#recorded = undefined
  }

  get hasSubscribers(): boolean {
    return this.#first !== undefined
  }

  get wantsRaw(): boolean {
    return this.#first?.wantsRaw === true || this.#others.some(({ wantsRaw }) => wantsRaw)
  }

  /** A copy: subscribers may unsubscribe while they are notified. */
  get subscribers(): ReadonlyArray<Subscriber> {
    return this.#first === undefined ? none : [this.#first, ...this.#others]
  }

  /** Adds a subscriber, and sends it the last snapshot if there is one. */
  subscribe(subscriber: Subscriber): void {
    if (this.#first === undefined) this.#first = subscriber
    else this.#others = [...this.#others, subscriber]
    if (this.last === undefined) return
    if (subscriber.wantsRaw && this.#raw === undefined) this.#pending = [...this.#pending, subscriber]
    else subscriber.onUpdate({ snapshot: this.last, raw: this.#raw })
  }

  /** Removes a subscriber. Returns true if it was the last one. */
  unsubscribe(subscriber: Subscriber): boolean {
    if (!this.hasSubscribers) return false
    if (this.#first === subscriber) [this.#first, ...this.#others] = this.#others
    else this.#others = this.#others.filter((each) => each !== subscriber)
    this.#pending = this.#pending.filter((each) => each !== subscriber)
    return !this.hasSubscribers
  }

  /** Stores an update. Returns the subscribers to notify: all of them if something changed. */
  update({ snapshot, raw }: Update, hasChanged: boolean): ReadonlyArray<Subscriber> {
    const { subscribers } = this
    const recipients = hasChanged ? subscribers : this.#pending
    this.#pending = none
    this.last = snapshot
    this.#raw = this.wantsRaw ? raw : undefined
    return recipients
  }

  /** Removes all subscribers and cancels the request that is queued or in flight. Returns the removed subscribers. */
  end(): ReadonlyArray<Subscriber> {
    const { subscribers, fiber } = this
    this.#first = undefined
    this.#others = none
    this.#pending = none
    this.isWaiting = false
    this.fiber = undefined
    fiber?.interruptUnsafe()
    return subscribers
  }

  start(release: Release): void {
    this.#poll(this, release)
  }
}
