import type * as Cause from "effect/Cause"
import type * as Exit from "effect/Exit"
import type { AccountClient, QueryResult } from "../exchange/AccountClient.ts"
import type { ResolvedRef } from "../exchange/AccountRegistry.ts"
import { ClientClosed } from "../exchange/ClientClosed.ts"
import type { ProviderError, QueryFailure } from "../exchange/ProviderError.ts"
import { Timer } from "../exchange/Timer.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import type { SubmittedTask } from "../provider/SubmitOutcome.ts"
import type { TaskQuery } from "../exchange/TaskQuery.ts"
import type { TaskSnapshot, TerminalSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { Heap } from "./Heap.ts"
import { hasChanged, mergeSnapshot } from "./mergeSnapshot.ts"
import { recordResponse } from "./observedDuration.ts"
import { PolledTask } from "./PolledTask.ts"
import type { PollTask, ResumedTask } from "./PolledTask.ts"
import { PolledTasks } from "./PolledTasks.ts"
import { PollScheduler } from "./PollScheduler.ts"
import type { PollSchedulerOptions } from "./PollScheduler.ts"
import { isRepeatedError } from "./isRepeatedError.ts"
import type { RepetitionLimits } from "./isRepeatedError.ts"
import type { PollFailure, Subscriber } from "./Subscriber.ts"
import { WakeLimit } from "./WakeLimit.ts"

/** Options of a poller. */
export interface PollerOptions extends PollSchedulerOptions, RepetitionLimits {
  /** Called when a poll has observed the end of a task. */
  readonly onTaskEnd?: (task: PolledTask, end: TaskSnapshot) => void
}

/** Maximum number of tasks that are queued before other work of the process gets a turn. */
const maxTasksPerTurn = 1000

/** From this many scheduled tasks on, polls that are due within `sharedTurnMs` share one timer. */
const manyTasks = 1000

/** How late a poll may start so that it shares a timer with others, in milliseconds. Waking the process costs more than a poll. */
const sharedTurnMs = 10

/**
 * Polls every task that has subscribers when it is due. A task is an entry in a heap, without a fiber or a timer of its
 * own. Two subscribers of one task share its polls.
 */
export class Poller {
  readonly #tasks = new Map<AccountClient, PolledTasks>()
  readonly #due = new Heap<PolledTask>()
  readonly #scheduler: Scheduler
  readonly #options: PollerOptions
  readonly #pollScheduler: PollScheduler
  readonly #timer: Timer
  #isClosed = false

  constructor(scheduler: Scheduler, options: PollerOptions) {
    this.#scheduler = scheduler
    this.#options = options
    this.#pollScheduler = new PollScheduler(scheduler, options)
    this.#timer = new Timer(scheduler, () => this.#queueDue())
  }

  /**
   * Subscribes to a task until it ends. `create` returns the subscriber, which may be called back before this method
   * returns.
   *
   * @param resumed What another process knew about the task. Without it, the first poll is immediate.
   */
  subscribe<A extends Subscriber>(
    resolved: ResolvedRef,
    create: (task: PolledTask) => A,
    resumed?: ResumedTask
  ): A {
    const { query, client } = resolved
    const now = this.#scheduler.now()
    if (this.#isClosed) {
      const subscriber = create(new PolledTask(resolved, now, this.#poll))
      subscriber.onError(new ClientClosed())
      return subscriber
    }
    const task = this.#tasksOf(client).getOrAdd(query, () => new PolledTask(resolved, now, this.#poll))
    const isNew = !task.hasSubscribers
    const subscriber = create(task)
    task.subscribe(subscriber)
    if (isNew) {
      if (resumed !== undefined) task.resume(now, resumed)
      this.#schedule(task, resumed?.delayMs ?? 0)
    }
    return subscriber
  }

  /** Removes a subscriber. Polling of the task stops with its last subscriber. */
  unsubscribe(task: PolledTask, subscriber: Subscriber): void {
    if (task.unsubscribe(subscriber)) this.#end(task)
  }

  /**
   * Polls tasks as soon as the account's rate budget permits, for example because a webhook reports that they have changed.
   * Calls in quick succession cause one poll. After a poll without a change, the next one is delayed, by 1 second at first
   * and by up to 10 minutes later. Never delays a poll that is due anyway.
   *
   * @param key The id of the tasks, and those params that are known. Others may be anything.
   * @returns The refs of the polled tasks that match. Tasks without subscribers are not polled.
   */
  wake(client: AccountClient, key: SubmittedTask): ReadonlyArray<string> {
    const tasks = this.#tasks.get(client)?.matching(key) ?? []
    for (const task of tasks) this.#wake(task)
    return tasks.map(({ query }) => query.ref)
  }

  /** Ends the polling of a task whose end another request has reported. Its subscribers receive the snapshot. */
  settle(client: AccountClient, query: TaskQuery, snapshot: TerminalSnapshot): void {
    const task = this.#tasks.get(client)?.get(query)
    if (task !== undefined)
      this.#onResult(task, { snapshot, raw: undefined, pollAfterMs: undefined, retryAfterMs: undefined })
  }

  /** How many tasks of each account are polled. */
  *counts(): Iterable<readonly [AccountClient, number]> {
    for (const [client, tasks] of this.#tasks) yield [client, tasks.size]
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Stops all polling. Every subscriber, also a later one, fails with `ClientClosed`. */
  close(): void {
    this.#isClosed = true
    // The stack of an error takes longer than all else that ends a task.
    const error = new ClientClosed()
    for (const tasks of this.#tasks.values()) for (const task of tasks) this.#fail(task, error)
  }

  #tasksOf(client: AccountClient): PolledTasks {
    const known = this.#tasks.get(client)
    if (known !== undefined) return known
    const tasks = new PolledTasks()
    this.#tasks.set(client, tasks)
    return tasks
  }

  /** Stops polling a task. Returns the subscribers that it had. */
  #end(task: PolledTask, last?: TaskSnapshot): ReadonlyArray<Subscriber> {
    const { client } = task
    const tasks = this.#tasks.get(client)
    if (tasks?.delete(task) === true) {
      this.#pollScheduler.learn(task, last)
      if (last !== undefined) this.#options.onTaskEnd?.(task, last)
    }
    const subscribers = task.end()
    if (tasks?.isEmpty === true) this.#tasks.delete(client)
    if (this.#tasks.size === 0) {
      this.#timer.clear()
      this.#due.clear()
    }
    return subscribers
  }

  #fail(task: PolledTask, error: QueryFailure | ClientClosed): void {
    for (const subscriber of this.#end(task)) subscriber.onError(error)
  }

  /** @param retryAfterMs Minimum delay that the vendor requires, in milliseconds. */
  #schedule(task: PolledTask, delayMs: number, retryAfterMs = 0): void {
    const now = this.#scheduler.now()
    task.notBefore = retryAfterMs > 0 ? now + retryAfterMs : undefined
    this.#setDue(task, now + Math.max(delayMs, retryAfterMs), now)
  }

  #setDue(task: PolledTask, dueAt: number, now: number): void {
    task.dueAt = task.wakeLimit?.dueAt(dueAt, Math.max(now, task.notBefore ?? 0)) ?? dueAt
    this.#due.push(task)
    this.#timer.set(task.dueAt)
  }

  #wake(task: PolledTask): void {
    // A poll that waits for its permit has yet to start.
    if (task.isWaiting) return
    task.wakeLimit ??= new WakeLimit()
    if (task.wakeLimit.isPending) return
    task.wakeLimit.isPending = true
    // A task whose request is in flight is scheduled when that has ended: its response may be older than the change.
    if (task.heapIndex < 0) return
    this.#due.remove(task)
    this.#setDue(task, task.dueAt, this.#scheduler.now())
  }

  #queueDue(): void {
    const now = this.#scheduler.now()
    for (let count = 0; count < maxTasksPerTurn; count += 1) {
      const task = this.#due.peek()
      if (task === undefined || task.dueAt > now) break
      this.#due.pop()
      if (task.hasSubscribers) task.client.queue.enqueue(task)
    }
    const next = this.#due.peek()
    if (next !== undefined) this.#timer.set(this.#turnAt(next.dueAt, now))
  }

  /** Returns when the next polls are queued. */
  #turnAt(dueAt: number, now: number): number {
    return dueAt > now && this.#due.size >= manyTasks ? Math.max(dueAt, now + sharedTurnMs) : dueAt
  }

  readonly #poll: PollTask = (task, release) => {
    task.wakeLimit?.onPoll(this.#scheduler.now())
    const fiber = this.#scheduler.fork(task.client.query(task.query, release, task))
    task.fiber = fiber
    fiber.addObserver((exit) => {
      // A fiber that is interrupted before it starts has not released its permit.
      release(undefined)
      if (task.hasSubscribers) this.#onExit(task, exit)
    })
  }

  #onExit(task: PolledTask, exit: Exit.Exit<QueryResult, QueryFailure>): void {
    task.fiber = undefined
    task.polls += 1
    if (exit._tag === "Success") return this.#onResult(task, exit.value)
    const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
    if (failure === undefined) {
      for (const subscriber of this.#end(task)) subscriber.onDefect(exit.cause as Cause.Cause<never>)
      return
    }
    const { error } = failure
    const isPermanent =
      error._tag === "ConfigurationError" ||
      error.isRefusal ||
      isRepeatedError(task, error, this.#options, this.#scheduler.now())
    if (isPermanent) return this.#fail(task, error)
    this.#onPollError(task, error)
  }

  #onResult(task: PolledTask, result: QueryResult): void {
    task.failures = 0
    task.repeated = undefined
    task.lastError = undefined
    const snapshot = mergeSnapshot(task.last, result.snapshot)
    const update = { snapshot, raw: result.raw }
    const isChanged = hasChanged(task.last, snapshot)
    if (isChanged) task.wakeLimit?.onChange(this.#scheduler.now())
    const recipients = task.update(update, isChanged)
    if (isTerminal(snapshot.status)) this.#end(task, snapshot)
    else {
      recordResponse(task.time, this.#pollScheduler.now(), snapshot)
      this.#schedule(task, this.#pollScheduler.nextPollMs(task, result), result.retryAfterMs)
    }
    for (const subscriber of recipients) subscriber.onUpdate(update)
  }

  #onPollError(task: PolledTask, error: ProviderError): void {
    task.failures += 1
    task.lastError = error
    const nextInMs = Math.max(this.#pollScheduler.policyMs(task), error.retryAfterMs ?? 0)
    this.#schedule(task, nextInMs, error.retryAfterMs)
    const failure: PollFailure = { ref: task.query.ref, error, failures: task.failures, nextInMs }
    for (const subscriber of task.subscribers) subscriber.onPollError(failure)
  }
}
