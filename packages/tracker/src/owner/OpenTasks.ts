import { ClientClosed, ProviderError, TaskRef } from "@gentask/core"
import type { PollPolicy, TaskSnapshot } from "@gentask/core"
import { isTerminal } from "@gentask/core/internal"
import type {
  AccountClient,
  EngineService,
  PolledTask,
  PollFailure,
  ResumedTask,
  Update
} from "@gentask/core/internal/engine"
import type { OpenTask, TaskProgress } from "../store/TrackerStore.ts"
import { RefusedTasks } from "./RefusedTasks.ts"
import { resumeDelays } from "./resumeDelays.ts"
import { TrackedTask } from "./TrackedTask.ts"
import type { TrackedTaskEvents } from "./TrackedTask.ts"

/** The delay of polls after polling has ended with an error, in milliseconds. Doubles each time. */
const rareMs = 5 * 60_000
const maxRareMs = 60 * 60_000

/** How many polls in a row must fail before the error is recorded. */
const reportedFailures = 3

/** What the open tasks of an account need. */
export interface OpenTasksOptions {
  readonly engine: Pick<EngineService, "poller" | "registry">
  readonly client: AccountClient
  readonly policy: PollPolicy.PollPolicy
  /** Returns the time of the engine's monotonic clock, in milliseconds. */
  readonly now: () => number
  readonly random: () => number
  /** Called with each new snapshot of a task. */
  readonly onNews: (snapshot: TaskSnapshot) => void
  /** Called when the last error of a task has changed. */
  readonly onTaskError: (ref: string, message: string | null) => void
}

/** An error and its time. */
export interface LastError {
  readonly message: string
  readonly at: Date
}

/** Whether an error affects all tasks of an account. */
const isOfAccount = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.reason._tag === "Unauthorized" || error.reason._tag === "InsufficientCredits")

/**
 * The open tasks of an account, and their polling. An error that would end the polling of a task makes it rare instead: a
 * task remains open until the vendor reports its end.
 */
export class OpenTasks implements TrackedTaskEvents {
  readonly #tasks = new Map<string, TrackedTask>()
  readonly #refused: RefusedTasks
  readonly #options: OpenTasksOptions
  #lastError: LastError | null = null

  constructor(options: OpenTasksOptions) {
    this.#options = options
    this.#refused = new RefusedTasks(options.random, (tracked, delayMs) => this.#continue(tracked, delayMs))
    const { client } = options
    const next = client.onSnapshot
    client.onSnapshot = (snapshot) => {
      next?.(snapshot)
      this.#onResponse(snapshot.ref)
    }
  }

  get size(): number {
    return this.#tasks.size
  }

  /** The last error of a poll. Null after a poll without an error. */
  get lastError(): LastError | null {
    return this.#lastError
  }

  /** Starts polling tasks, unless they are polled already. */
  add(rows: ReadonlyArray<OpenTask>): void {
    const { policy, client, random } = this.#options
    const added = this.size === 0 ? rows : rows.filter(({ ref }) => !this.#tasks.has(ref))
    const delays = resumeDelays(policy, client.account.spec, added, random)
    added.forEach((row, index) => {
      const { ref, ageMs, polls, notFoundForMs } = row
      const tracked = new TrackedTask(ref, this)
      this.#tasks.set(ref, tracked)
      this.#poll(tracked, {
        ageMs,
        delayMs: delays[index] ?? 0,
        polls,
        notFoundForMs: notFoundForMs ?? undefined,
        recorded: row
      })
    })
  }

  /** Polls a task as soon as core permits, which limits floods. Returns false if it is unknown. */
  wake(ref: string): boolean {
    const { engine, client } = this.#options
    const { id, params } = TaskRef.parse(ref)
    const refs = engine.poller.wake(client, { id, params })
    return refs.length > 0 || this.#tasks.has(ref)
  }

  /** Returns what a successor needs to continue. */
  progress(): ReadonlyArray<TaskProgress> {
    const now = this.#options.now()
    return [...this.#tasks.values()].flatMap(({ ref, task }) =>
      task === undefined
        ? []
        : [
            {
              ref,
              dueInMs: Math.max(0, task.dueAt - now),
              polls: task.polls,
              notFoundForMs: notFoundForMs(task, now) ?? null
            }
          ]
    )
  }

  /** Stops waiting for refused tasks. */
  close(): void {
    this.#refused.close()
  }

  onUpdate(tracked: TrackedTask, { snapshot }: Update): void {
    if (isTerminal(snapshot.status)) this.#tasks.delete(tracked.ref)
    this.#options.onNews(snapshot)
  }

  onPollError(tracked: TrackedTask, { error, failures }: PollFailure): void {
    this.#lastError = { message: error.message, at: new Date() }
    if (error.reason._tag === "TaskNotFound") this.#refused.resume()
    if (failures === reportedFailures) this.#report(tracked, error.message)
  }

  onEnd(tracked: TrackedTask, message: string, error: unknown): void {
    if (error instanceof ClientClosed) return
    this.#lastError = { message, at: new Date() }
    this.#report(tracked, message)
    if (isOfAccount(error)) {
      this.#refused.add(tracked)
      return
    }
    tracked.ends += 1
    const delayMs = Math.min(maxRareMs, rareMs * 2 ** (tracked.ends - 1))
    // The vendor has accepted the key, or another problem came first.
    this.#refused.resume()
    this.#continue(tracked, delayMs * (0.9 + 0.2 * this.#options.random()))
  }

  #report(tracked: TrackedTask, message: string): void {
    tracked.hasError = true
    this.#options.onTaskError(tracked.ref, message)
  }

  #onResponse(ref: string): void {
    this.#lastError = null
    this.#refused.resume()
    const tracked = this.#tasks.get(ref)
    if (tracked?.hasError !== true) return
    tracked.hasError = false
    this.#options.onTaskError(ref, null)
  }

  /** Continues polling after it has ended with an error. */
  #continue(tracked: TrackedTask, delayMs: number): void {
    const { task } = tracked
    const known = task === undefined ? { ageMs: 0, polls: 0 } : continued(task, this.#options.now())
    this.#poll(tracked, { ...known, delayMs })
  }

  #poll(tracked: TrackedTask, resumed: ResumedTask): void {
    const { registry, poller } = this.#options.engine
    if (tracked.task?.hasSubscribers === true) return
    try {
      poller.subscribe(
        registry.resolve(tracked.ref),
        (task) => {
          tracked.task = task
          return tracked
        },
        resumed
      )
    } catch (error) {
      // The ref is invalid for the account as it is configured now. The next owner tries again.
      tracked.task = undefined
      this.#report(tracked, error instanceof Error ? error.message : String(error))
    }
  }
}

const notFoundForMs = ({ repeated }: PolledTask, now: number): number | undefined =>
  repeated?.key === "TaskNotFound" ? now - repeated.since : undefined

const continued = (task: PolledTask, now: number): Omit<ResumedTask, "delayMs"> => ({
  ageMs: now - task.time.startedAt,
  polls: task.polls,
  notFoundForMs: notFoundForMs(task, now),
  last: task.last
})
