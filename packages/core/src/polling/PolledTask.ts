/** A task that is being watched. There may be a million of them, so each is one object without a closure of its own. */
import type * as Fiber from "effect/Fiber"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { Due } from "./Heap.ts"
import type { Paced } from "./PollScheduler.ts"
import type { Provider, Told } from "../exchange/AccountClient.ts"
import type { AskError } from "../exchange/ProviderError.ts"
import type { Addressed } from "../exchange/AccountRegistry.ts"
import type { Question } from "../exchange/TaskQuery.ts"
import type { Release, Waiting } from "../exchange/RequestQueue.ts"
import type { TaskTime } from "./observedDuration.ts"
import { unseen } from "./observedDuration.ts"
import type { News, Watcher } from "./Subscriber.ts"

/** Asks about a task whose turn has come. */
export type Ask = (task: WatchedTask, release: Release) => void

const nobody: ReadonlyArray<Watcher> = []

/** What is known of a watched task, and who wants to know more. */
export class WatchedTask implements Due, Paced, Waiting {
  readonly question: Question
  readonly provider: Provider
  readonly time: TaskTime
  dueAt: number
  last: TaskSnapshot | undefined = undefined
  polls = 0
  misses = 0
  notFounds = 0
  notFoundSince = 0
  previous: number | undefined = undefined
  isWaiting = false
  /** The request that is under way. */
  fiber: Fiber.Fiber<Told, AskError> | undefined = undefined
  /** The vendor's last answer, where a watcher wants it. */
  raw: unknown = undefined
  /** Mostly one. Nobody is left once the watch is over. */
  #first: Watcher | undefined = undefined
  /** Replaced and never changed. */
  #others: ReadonlyArray<Watcher> = nobody
  readonly #ask: Ask

  constructor({ question, provider }: Addressed, now: number, ask: Ask) {
    this.question = question
    this.provider = provider
    this.time = unseen(now)
    this.dueAt = now
    this.#ask = ask
  }

  get isWatched(): boolean {
    return this.#first !== undefined
  }

  /** A copy, since whoever is told may stop watching. */
  get watchers(): ReadonlyArray<Watcher> {
    return this.#first === undefined ? nobody : [this.#first, ...this.#others]
  }

  /** Takes one more watcher, and tells it what is known. */
  join(watcher: Watcher): void {
    if (this.#first === undefined) this.#first = watcher
    else this.#others = [...this.#others, watcher]
    const { last, raw } = this
    if (last === undefined || (watcher.wantsRaw && raw === undefined)) return
    watcher.isTold = true
    watcher.onTold({ snapshot: last, raw })
  }

  /** Lets a watcher go; answers whether it was the last one. */
  leave(watcher: Watcher): boolean {
    if (!this.isWatched) return false
    if (this.#first === watcher) [this.#first, ...this.#others] = this.#others
    else this.#others = this.#others.filter((each) => each !== watcher)
    return !this.isWatched
  }

  /** Ends the watch, and takes back what is under way: a place in the lane, or a request. Answers who was watching. */
  end(): ReadonlyArray<Watcher> {
    const { watchers, fiber } = this
    this.#first = undefined
    this.#others = nobody
    this.isWaiting = false
    this.fiber = undefined
    fiber?.interruptUnsafe()
    return watchers
  }

  /** Keeps what the vendor said. */
  keep({ snapshot, raw }: News): void {
    this.last = snapshot
    this.raw = this.watchers.some(({ wantsRaw }) => wantsRaw) ? raw : undefined
  }

  begin(release: Release): void {
    this.#ask(this, release)
  }
}
