/** A task that is being watched. There may be a million of them, so each is one object without a closure of its own. */
import type * as Fiber from "effect/Fiber"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { Due } from "./Heap.ts"
import type { ScheduledTask } from "./PollScheduler.ts"
import type { AccountClient, QueryResult } from "../exchange/AccountClient.ts"
import type { QueryFault } from "../exchange/ProviderError.ts"
import type { ResolvedRef } from "../exchange/AccountRegistry.ts"
import type { TaskQuery } from "../exchange/TaskQuery.ts"
import type { Release, QueuedRequest } from "../exchange/RequestQueue.ts"
import type { TaskTimes } from "./observedDuration.ts"
import { startTimes } from "./observedDuration.ts"
import type { Update, Subscriber } from "./Subscriber.ts"

/** Asks about a task whose turn has come. */
export type PollTask = (task: PolledTask, release: Release) => void

const nobody: ReadonlyArray<Subscriber> = []

/** What is known of a watched task, and who wants to know more. */
export class PolledTask implements Due, ScheduledTask, QueuedRequest {
  readonly query: TaskQuery
  readonly client: AccountClient
  readonly time: TaskTimes
  dueAt: number
  last: TaskSnapshot | undefined = undefined
  polls = 0
  failures = 0
  notFounds = 0
  notFoundSince = 0
  previous: number | undefined = undefined
  isWaiting = false
  /** The request that is under way. */
  fiber: Fiber.Fiber<QueryResult, QueryFault> | undefined = undefined
  /** The vendor's last answer, where a watcher wants it. */
  raw: unknown = undefined
  /** Mostly one. Nobody is left once the watch is over. */
  #first: Subscriber | undefined = undefined
  /** Replaced and never changed. */
  #others: ReadonlyArray<Subscriber> = nobody
  readonly #ask: PollTask

  constructor({ query: question, client: provider }: ResolvedRef, now: number, ask: PollTask) {
    this.query = question
    this.client = provider
    this.time = startTimes(now)
    this.dueAt = now
    this.#ask = ask
  }

  get hasSubscribers(): boolean {
    return this.#first !== undefined
  }

  /** A copy, since whoever is told may stop watching. */
  get subscribers(): ReadonlyArray<Subscriber> {
    return this.#first === undefined ? nobody : [this.#first, ...this.#others]
  }

  /** Takes one more watcher, and tells it what is known. */
  subscribe(watcher: Subscriber): void {
    if (this.#first === undefined) this.#first = watcher
    else this.#others = [...this.#others, watcher]
    const { last, raw } = this
    if (last === undefined || (watcher.wantsRaw && raw === undefined)) return
    watcher.hasUpdate = true
    watcher.onUpdate({ snapshot: last, raw })
  }

  /** Lets a watcher go; answers whether it was the last one. */
  unsubscribe(watcher: Subscriber): boolean {
    if (!this.hasSubscribers) return false
    if (this.#first === watcher) [this.#first, ...this.#others] = this.#others
    else this.#others = this.#others.filter((each) => each !== watcher)
    return !this.hasSubscribers
  }

  /** Ends the watch, and takes back what is under way: a place in the lane, or a request. Answers who was watching. */
  end(): ReadonlyArray<Subscriber> {
    const { subscribers: watchers, fiber } = this
    this.#first = undefined
    this.#others = nobody
    this.isWaiting = false
    this.fiber = undefined
    fiber?.interruptUnsafe()
    return watchers
  }

  /** Keeps what the vendor said. */
  store({ snapshot, raw }: Update): void {
    this.last = snapshot
    this.raw = this.subscribers.some(({ wantsRaw }) => wantsRaw) ? raw : undefined
  }

  start(release: Release): void {
    this.#ask(this, release)
  }
}
