import type { TrackedTask } from "./TrackedTask.ts"

/** The first delay until one of the tasks is polled again, in milliseconds. Doubles each time. */
const firstProbeMs = 30_000
const maxProbeMs = 10 * 60_000

/** Over how long polls are spread after the vendor accepts the key again, in milliseconds. */
const spreadMs = 30_000

/**
 * The tasks of an account whose key the vendor refuses. Instead of all of them, one is polled from time to time. After a
 * response to any query of the account, all of them are polled again.
 */
export class RefusedTasks {
  readonly #tasks = new Set<TrackedTask>()
  readonly #random: () => number
  readonly #poll: (task: TrackedTask, delayMs: number) => void
  /** The task that is polled. */
  #probe: TrackedTask | undefined
  #delayMs = firstProbeMs

  constructor(random: () => number, poll: (task: TrackedTask, delayMs: number) => void) {
    this.#random = random
    this.#poll = poll
  }

  add(task: TrackedTask): void {
    if (this.#probe === undefined || this.#probe === task) this.#startProbe(task)
    else this.#tasks.add(task)
  }

  /** Polls all tasks again, because the vendor has accepted the key. */
  resume(): void {
    if (this.#probe === undefined) return
    this.#probe = undefined
    this.#delayMs = firstProbeMs
    const tasks = [...this.#tasks]
    this.#tasks.clear()
    for (const task of tasks) this.#poll(task, this.#random() * spreadMs)
  }

  close(): void {
    this.#tasks.clear()
    this.#probe = undefined
  }

  #startProbe(task: TrackedTask): void {
    this.#probe = task
    const delayMs = this.#delayMs
    this.#delayMs = Math.min(maxProbeMs, delayMs * 2)
    this.#poll(task, delayMs)
  }
}
