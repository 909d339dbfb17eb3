/**
 * Asks about every watched task of the process when it is due. A watched task is an entry in a heap: no fiber and
 * no timer of its own. Two watchers of one task cost one poll.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { Alarm } from "./Alarm.ts"
import type { Runner } from "./Alarm.ts"
import { Heap } from "./Heap.ts"
import { Pace } from "./Pace.ts"
import type { PaceOptions, Paced } from "./Pace.ts"
import type { Told } from "./Provider.ts"
import { howItWent } from "./ProviderError.ts"
import type { AskError, ProviderError } from "./ProviderError.ts"
import type { Addressed } from "./ProviderRegistry.ts"
import { advance, isNews } from "./Progression.ts"
import { see, unseen } from "./TaskTime.ts"
import type { Missed, Watcher } from "./Watcher.ts"

/** When "no such task" is believed. */
export interface NotFoundPolicy {
  /** How many answers in a row. */
  readonly times: number
  /** Over how many milliseconds. */
  readonly grace: number
}

/** How the poller decides. */
export interface PollerOptions extends PaceOptions {
  readonly notFound: NotFoundPolicy
}

interface Entry extends Paced {
  dueAt: number
  readonly key: string
  readonly watchers: Set<Watcher>
  last: TaskSnapshot | undefined
  told: Told | undefined
  notFounds: number
  notFoundSince: number
  /** Takes back what is under way: a place in the lane, or a request. */
  cancel: (() => void) | undefined
}

/** One per process and runtime. */
export class Poller {
  readonly #entries = new Map<string, Entry>()
  readonly #due = new Heap<Entry>()
  readonly #runner: Runner
  readonly #notFound: NotFoundPolicy
  readonly #pace: Pace
  readonly #alarm: Alarm

  constructor(runner: Runner, options: PollerOptions) {
    this.#runner = runner
    this.#notFound = options.notFound
    this.#pace = new Pace(runner, options)
    this.#alarm = new Alarm(runner, () => this.#pollDue())
  }

  /** How many tasks are being watched. */
  get size(): number {
    return this.#entries.size
  }

  /**
   * Watches a task until its end; the answered function stops. A task already being watched tells its last snapshot
   * at once.
   */
  watch({ question, provider }: Addressed, watcher: Watcher): () => void {
    const { account } = provider
    const key = `${account.spec.id}@${account.name} ${question.ref}`
    const known = this.#entries.get(key)
    const entry = known ?? this.#add(key, { question, provider })
    entry.watchers.add(watcher)
    if (known === undefined) this.#schedule(entry, 0)
    else if (known.told !== undefined) watcher.onTold(known.told)
    return () => {
      if (entry.watchers.delete(watcher) && entry.watchers.size === 0) this.#remove(entry)
    }
  }

  #add(key: string, { question, provider }: Addressed): Entry {
    const now = this.#runner.now()
    const entry: Entry = {
      dueAt: now,
      key,
      question,
      provider,
      watchers: new Set(),
      time: unseen(now),
      last: undefined,
      told: undefined,
      polls: 0,
      misses: 0,
      notFounds: 0,
      notFoundSince: 0,
      previous: undefined,
      cancel: undefined
    }
    this.#entries.set(key, entry)
    return entry
  }

  #remove(entry: Entry, end?: TaskSnapshot): void {
    if (this.#entries.get(entry.key) === entry) {
      this.#entries.delete(entry.key)
      this.#pace.learn(entry, end)
    }
    entry.watchers.clear()
    const { cancel } = entry
    entry.cancel = undefined
    cancel?.()
    if (this.#entries.size > 0) return
    this.#alarm.clear()
    this.#due.clear()
  }

  /** Ends every watch. */
  close(): void {
    const closed = Cause.die(new Error("The client was closed before the operation ended."))
    for (const entry of this.#entries.values()) this.#lose(entry, closed)
  }

  #lose(entry: Entry, cause: Cause.Cause<never>): void {
    const watchers = [...entry.watchers]
    this.#remove(entry)
    for (const watcher of watchers) watcher.onLost(cause)
  }

  #schedule(entry: Entry, wait: number): void {
    entry.dueAt = this.#runner.now() + wait
    this.#due.push(entry)
    this.#alarm.set(entry.dueAt)
  }

  #pollDue(): void {
    const now = this.#runner.now()
    for (let entry = this.#due.peek(); entry !== undefined && entry.dueAt <= now; entry = this.#due.peek()) {
      this.#due.pop()
      if (this.#entries.get(entry.key) === entry) this.#poll(entry)
    }
    const next = this.#due.peek()
    if (next !== undefined && this.#entries.size > 0) this.#alarm.set(next.dueAt)
  }

  #poll(entry: Entry): void {
    entry.cancel = undefined
    const leave = entry.provider.lane.enqueue((release) => {
      const ask = entry.provider.askWith(entry.question, (exchange) =>
        Effect.onExit(exchange, (exit) => Effect.sync(() => release(howItWent(exit))))
      )
      const fiber: Fiber.Fiber<Told, AskError> = this.#runner.fork(ask)
      entry.cancel = () => fiber.interruptUnsafe()
      fiber.addObserver((exit) => {
        release(undefined)
        if (this.#entries.get(entry.key) === entry) this.#heard(entry, exit)
      })
    })
    // The lane may have started the request already.
    entry.cancel ??= leave
  }

  #heard(entry: Entry, exit: Exit.Exit<Told, AskError>): void {
    entry.cancel = undefined
    entry.polls += 1
    if (exit._tag === "Success") return this.#told(entry, exit.value)
    const failed = exit.cause.reasons.find((reason) => reason._tag === "Fail")
    if (failed === undefined) return this.#lose(entry, exit.cause as Cause.Cause<never>)
    const { error } = failed
    if (error._tag === "ConfigurationError" || error.isRefusal || this.#isGone(entry, error)) {
      const watchers = [...entry.watchers]
      this.#remove(entry)
      for (const watcher of watchers) watcher.onRefused(error)
      return
    }
    this.#missed(entry, error)
  }

  #told(entry: Entry, told: Told): void {
    entry.misses = 0
    entry.notFounds = 0
    const snapshot = advance(entry.last, told.snapshot)
    const news = isNews(entry.last, snapshot)
    const watchers = [...entry.watchers]
    const ended = isTerminal(snapshot.status)
    if (ended) this.#remove(entry, snapshot)
    entry.last = snapshot
    entry.told = { ...told, snapshot }
    if (!ended) {
      see(entry.time, this.#pace.now(), snapshot)
      this.#schedule(entry, Math.max(this.#pace.wish(entry, told), told.retryAfter ?? 0))
    }
    if (news) for (const watcher of watchers) watcher.onTold(entry.told)
  }

  #missed(entry: Entry, error: ProviderError): void {
    entry.misses += 1
    const { reason } = error
    const asked = "retryAfter" in reason && reason.retryAfter !== undefined ? reason.retryAfter : 0
    const nextIn = Math.max(this.#pace.interval(entry), asked)
    this.#schedule(entry, nextIn)
    const missed: Missed = { ref: entry.question.ref, error, misses: entry.misses, nextIn }
    // A copy: whoever is told may stop watching.
    for (const watcher of Array.from(entry.watchers)) watcher.onMissed?.(missed)
  }

  /** "No such task" just after a task began is a lag of the vendor's: it is believed when it repeats. */
  #isGone(entry: Entry, error: ProviderError): boolean {
    if (error.reason._tag !== "TaskNotFound") return false
    const now = this.#runner.now()
    if (entry.notFounds === 0) entry.notFoundSince = now
    entry.notFounds += 1
    const { times, grace } = this.#notFound
    return entry.notFounds >= times && now - entry.notFoundSince >= grace
  }
}
