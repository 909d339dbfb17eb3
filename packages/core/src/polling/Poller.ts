/**
 * Asks about every watched task of the process when it is due. A watched task is an entry in a heap: no fiber and
 * no timer of its own. Two watchers of one task cost one poll.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { Alarm } from "../exchange/Timer.ts"
import type { Runner } from "../exchange/Timer.ts"
import { Heap } from "./Heap.ts"
import { Pace } from "./PollScheduler.ts"
import type { PaceOptions } from "./PollScheduler.ts"
import type { Provider, Told } from "../exchange/AccountClient.ts"
import { howItWent } from "../exchange/ProviderError.ts"
import type { AskError, ProviderError } from "../exchange/ProviderError.ts"
import type { Addressed } from "../exchange/AccountRegistry.ts"
import { advance, isNews } from "./mergeSnapshot.ts"
import { see } from "./observedDuration.ts"
import { WatchedTask } from "./PolledTask.ts"
import type { Ask } from "./PolledTask.ts"
import type { Missed, News, Watcher } from "./Subscriber.ts"

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

/** How many tasks are looked at before other work of the process has its turn. */
const mostInTurn = 1000

const closed = (): Cause.Cause<never> =>
  Cause.die(new Error("The client was closed before the operation ended."))

/** One per process and runtime. */
export class Poller {
  /** The tasks of each account, by their refs. */
  readonly #tasks = new Map<Provider, Map<string, WatchedTask>>()
  readonly #due = new Heap<WatchedTask>()
  readonly #runner: Runner
  readonly #notFound: NotFoundPolicy
  readonly #pace: Pace
  readonly #alarm: Alarm
  #isClosed = false

  constructor(runner: Runner, options: PollerOptions) {
    this.#runner = runner
    this.#notFound = options.notFound
    this.#pace = new Pace(runner, options)
    this.#alarm = new Alarm(runner, () => this.#pollDue())
  }

  /** Watches a task until its end. A task already being watched tells its last snapshot at once. */
  watch(addressed: Addressed, watcher: Watcher): WatchedTask {
    const { question, provider } = addressed
    const tasks = this.#tasks.get(provider) ?? new Map<string, WatchedTask>()
    const known = tasks.get(question.ref)
    const task = known ?? new WatchedTask(addressed, this.#runner.now(), this.#ask)
    if (this.#isClosed) {
      watcher.onLost(closed())
      return task
    }
    this.#tasks.set(provider, tasks)
    if (known === undefined) tasks.set(question.ref, task)
    task.join(watcher)
    if (known === undefined) this.#schedule(task, 0)
    return task
  }

  /** Stops telling a watcher; a task that nobody watches is not asked about. */
  leave(task: WatchedTask, watcher: Watcher): void {
    if (task.leave(watcher)) this.#end(task)
  }

  /** Ends the watch of a task; answers who was watching. */
  #end(task: WatchedTask, end?: TaskSnapshot): ReadonlyArray<Watcher> {
    const { provider, question } = task
    const tasks = this.#tasks.get(provider)
    if (tasks?.get(question.ref) === task) {
      tasks.delete(question.ref)
      this.#pace.learn(task, end)
    }
    const watchers = task.end()
    if (tasks?.size === 0) this.#tasks.delete(provider)
    if (this.#tasks.size === 0) {
      this.#alarm.clear()
      this.#due.clear()
    }
    return watchers
  }

  /** Ends every watch; whoever watches later is told the same. */
  close(): void {
    this.#isClosed = true
    const cause = closed()
    for (const tasks of this.#tasks.values()) for (const task of tasks.values()) this.#lose(task, cause)
  }

  #lose(task: WatchedTask, cause: Cause.Cause<never>): void {
    for (const watcher of this.#end(task)) watcher.onLost(cause)
  }

  #schedule(task: WatchedTask, wait: number): void {
    task.dueAt = this.#runner.now() + wait
    this.#due.push(task)
    this.#alarm.set(task.dueAt)
  }

  #pollDue(): void {
    const now = this.#runner.now()
    for (let count = 0; count < mostInTurn; count += 1) {
      const task = this.#due.peek()
      if (task === undefined || task.dueAt > now) break
      this.#due.pop()
      if (task.isWatched) task.provider.lane.enqueue(task)
    }
    const next = this.#due.peek()
    if (next !== undefined) this.#alarm.set(next.dueAt)
  }

  /** Asks about a task, now that its turn has come. */
  readonly #ask: Ask = (task, release) => {
    const ask = task.provider.askWith(task.question, (exchange) =>
      Effect.onExit(exchange, (exit) => Effect.sync(() => release(howItWent(exit))))
    )
    const fiber = this.#runner.fork(ask)
    task.fiber = fiber
    fiber.addObserver((exit) => {
      release(undefined)
      if (task.isWatched) this.#heard(task, exit)
    })
  }

  #heard(task: WatchedTask, exit: Exit.Exit<Told, AskError>): void {
    task.fiber = undefined
    task.polls += 1
    if (exit._tag === "Success") return this.#told(task, exit.value)
    const failed = exit.cause.reasons.find((reason) => reason._tag === "Fail")
    if (failed === undefined) return this.#lose(task, exit.cause as Cause.Cause<never>)
    const { error } = failed
    if (error._tag === "ConfigurationError" || error.isRefusal || this.#isGone(task, error)) {
      for (const watcher of this.#end(task)) watcher.onRefused(error)
      return
    }
    this.#missed(task, error)
  }

  #told(task: WatchedTask, told: Told): void {
    task.misses = 0
    task.notFounds = 0
    const snapshot = advance(task.last, told.snapshot)
    const isNew = isNews(task.last, snapshot)
    const news: News = { snapshot, raw: told.raw }
    const watchers = isTerminal(snapshot.status) ? this.#end(task, snapshot) : task.watchers
    if (task.isWatched) {
      task.keep(news)
      see(task.time, this.#pace.now(), snapshot)
      this.#schedule(task, Math.max(this.#pace.wish(task, told), told.retryAfter ?? 0))
    }
    for (const watcher of watchers) {
      if (!isNew && watcher.isTold) continue
      watcher.isTold = true
      watcher.onTold(news)
    }
  }

  #missed(task: WatchedTask, error: ProviderError): void {
    task.misses += 1
    const { reason } = error
    const asked = "retryAfter" in reason && reason.retryAfter !== undefined ? reason.retryAfter : 0
    const nextIn = Math.max(this.#pace.interval(task), asked)
    this.#schedule(task, nextIn)
    const missed: Missed = { ref: task.question.ref, error, misses: task.misses, nextIn }
    for (const watcher of task.watchers) watcher.onMissed(missed)
  }

  /** "No such task" just after a task began is a lag of the vendor's: it is believed when it repeats. */
  #isGone(task: WatchedTask, error: ProviderError): boolean {
    if (error.reason._tag !== "TaskNotFound") return false
    const now = this.#runner.now()
    if (task.notFounds === 0) task.notFoundSince = now
    task.notFounds += 1
    const { times, grace } = this.#notFound
    return task.notFounds >= times && now - task.notFoundSince >= grace
  }
}
