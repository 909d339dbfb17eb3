/**
 * Asks about every watched task of the process when it is due. A watched task is an entry in a heap: no fiber and
 * no timer of its own. Two watchers of one task cost one poll.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { Timer } from "../exchange/Timer.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import { Heap } from "./Heap.ts"
import { PollScheduler } from "./PollScheduler.ts"
import type { PollSchedulerOptions } from "./PollScheduler.ts"
import type { AccountClient, QueryResult } from "../exchange/AccountClient.ts"
import { requestOutcome } from "../exchange/ProviderError.ts"
import type { QueryFault, ProviderError } from "../exchange/ProviderError.ts"
import type { ResolvedRef } from "../exchange/AccountRegistry.ts"
import { mergeSnapshot, hasChanged } from "./mergeSnapshot.ts"
import { recordResponse } from "./observedDuration.ts"
import { PolledTask } from "./PolledTask.ts"
import type { PollTask } from "./PolledTask.ts"
import type { PollFailure, Update, Subscriber } from "./Subscriber.ts"

/** When "no such task" is believed. */
export interface NotFoundPolicy {
  /** How many answers in a row. */
  readonly times: number
  /** Over how many milliseconds. */
  readonly grace: number
}

/** How the poller decides. */
export interface PollerOptions extends PollSchedulerOptions {
  readonly notFound: NotFoundPolicy
}

/** How many tasks are looked at before other work of the process has its turn. */
const mostInTurn = 1000

const closed = (): Cause.Cause<never> =>
  Cause.die(new Error("The client was closed before the operation ended."))

/** One per process and runtime. */
export class Poller {
  /** The tasks of each account, by their refs. */
  readonly #tasks = new Map<AccountClient, Map<string, PolledTask>>()
  readonly #due = new Heap<PolledTask>()
  readonly #runner: Scheduler
  readonly #notFound: NotFoundPolicy
  readonly #pace: PollScheduler
  readonly #alarm: Timer
  #isClosed = false

  constructor(runner: Scheduler, options: PollerOptions) {
    this.#runner = runner
    this.#notFound = options.notFound
    this.#pace = new PollScheduler(runner, options)
    this.#alarm = new Timer(runner, () => this.#pollDue())
  }

  /** Watches a task until its end. A task already being watched tells its last snapshot at once. */
  subscribe(addressed: ResolvedRef, watcher: Subscriber): PolledTask {
    const { query: question, client: provider } = addressed
    const tasks = this.#tasks.get(provider) ?? new Map<string, PolledTask>()
    const known = tasks.get(question.ref)
    const task = known ?? new PolledTask(addressed, this.#runner.now(), this.#ask)
    if (this.#isClosed) {
      watcher.onDefect(closed())
      return task
    }
    this.#tasks.set(provider, tasks)
    if (known === undefined) tasks.set(question.ref, task)
    task.subscribe(watcher)
    if (known === undefined) this.#schedule(task, 0)
    return task
  }

  /** Stops telling a watcher; a task that nobody watches is not asked about. */
  unsubscribe(task: PolledTask, watcher: Subscriber): void {
    if (task.unsubscribe(watcher)) this.#end(task)
  }

  /** Ends the watch of a task; answers who was watching. */
  #end(task: PolledTask, end?: TaskSnapshot): ReadonlyArray<Subscriber> {
    const { client: provider, query: question } = task
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

  #lose(task: PolledTask, cause: Cause.Cause<never>): void {
    for (const watcher of this.#end(task)) watcher.onDefect(cause)
  }

  #schedule(task: PolledTask, wait: number): void {
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
      if (task.hasSubscribers) task.client.queue.enqueue(task)
    }
    const next = this.#due.peek()
    if (next !== undefined) this.#alarm.set(next.dueAt)
  }

  /** Asks about a task, now that its turn has come. */
  readonly #ask: PollTask = (task, release) => {
    const ask = task.client.queryWith(task.query, (exchange) =>
      Effect.onExit(exchange, (exit) => Effect.sync(() => release(requestOutcome(exit))))
    )
    const fiber = this.#runner.fork(ask)
    task.fiber = fiber
    fiber.addObserver((exit) => {
      release(undefined)
      if (task.hasSubscribers) this.#heard(task, exit)
    })
  }

  #heard(task: PolledTask, exit: Exit.Exit<QueryResult, QueryFault>): void {
    task.fiber = undefined
    task.polls += 1
    if (exit._tag === "Success") return this.#told(task, exit.value)
    const failed = exit.cause.reasons.find((reason) => reason._tag === "Fail")
    if (failed === undefined) return this.#lose(task, exit.cause as Cause.Cause<never>)
    const { error } = failed
    if (error._tag === "ConfigurationError" || error.isRefusal || this.#isGone(task, error)) {
      for (const watcher of this.#end(task)) watcher.onError(error)
      return
    }
    this.#missed(task, error)
  }

  #told(task: PolledTask, told: QueryResult): void {
    task.failures = 0
    task.notFounds = 0
    const snapshot = mergeSnapshot(task.last, told.snapshot)
    const isNew = hasChanged(task.last, snapshot)
    const news: Update = { snapshot, raw: told.raw }
    const watchers = isTerminal(snapshot.status) ? this.#end(task, snapshot) : task.subscribers
    if (task.hasSubscribers) {
      task.store(news)
      recordResponse(task.time, this.#pace.now(), snapshot)
      this.#schedule(task, Math.max(this.#pace.nextPollMs(task, told), told.retryAfterMs ?? 0))
    }
    for (const watcher of watchers) {
      if (!isNew && watcher.hasUpdate) continue
      watcher.hasUpdate = true
      watcher.onUpdate(news)
    }
  }

  #missed(task: PolledTask, error: ProviderError): void {
    task.failures += 1
    const { reason } = error
    const asked = "retryAfterMs" in reason && reason.retryAfterMs !== undefined ? reason.retryAfterMs : 0
    const nextIn = Math.max(this.#pace.policyMs(task), asked)
    this.#schedule(task, nextIn)
    const missed: PollFailure = { ref: task.query.ref, error, failures: task.failures, nextInMs: nextIn }
    for (const watcher of task.subscribers) watcher.onPollError(missed)
  }

  /** "No such task" just after a task began is a lag of the vendor's: it is believed when it repeats. */
  #isGone(task: PolledTask, error: ProviderError): boolean {
    if (error.reason._tag !== "TaskNotFound") return false
    const now = this.#runner.now()
    if (task.notFounds === 0) task.notFoundSince = now
    task.notFounds += 1
    const { times, grace } = this.#notFound
    return task.notFounds >= times && now - task.notFoundSince >= grace
  }
}
