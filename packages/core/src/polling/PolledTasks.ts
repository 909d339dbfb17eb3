import type { SubmittedTask } from "../provider/SubmitOutcome.ts"
import * as TaskRef from "../task/TaskRef.ts"
import type { PolledTask } from "./PolledTask.ts"

const none: ReadonlyArray<PolledTask> = []

/** Refs that differ in their params only have the same id. Most ids have one task, which then needs no array. */
type SameId = PolledTask | ReadonlyArray<PolledTask>

const toArray = (tasks: SameId | undefined): ReadonlyArray<PolledTask> => {
  if (tasks === undefined) return none
  return "query" in tasks ? [tasks] : tasks
}

const withRef = (tasks: SameId | undefined, ref: string): PolledTask | undefined =>
  tasks === undefined ? undefined : toArray(tasks).find(({ query }) => query.ref === ref)

/** The polled tasks of one account. */
export class PolledTasks {
  readonly #byId = new Map<string, SameId>()

  get isEmpty(): boolean {
    return this.#byId.size === 0
  }

  /** How many tasks there are. Those that differ in their params only count as one. */
  get size(): number {
    return this.#byId.size
  }

  /** Returns the task with a ref. */
  get({ id, ref }: PolledTask["query"]): PolledTask | undefined {
    return withRef(this.#byId.get(id), ref)
  }

  /** Returns the task with a ref. If the list has none, it adds the one that `create` returns. */
  getOrAdd({ id, ref }: PolledTask["query"], create: () => PolledTask): PolledTask {
    const tasks = this.#byId.get(id)
    const known = withRef(tasks, ref)
    if (known !== undefined) return known
    const task = create()
    this.#byId.set(id, tasks === undefined ? task : [...toArray(tasks), task])
    return task
  }

  /** Returns the tasks with an id and with these params. Their other params may be anything. */
  matching({ id, params = {} }: SubmittedTask): ReadonlyArray<PolledTask> {
    const tasks = toArray(this.#byId.get(id))
    const required = Object.entries(params)
    if (required.length === 0) return tasks
    return tasks.filter(({ query }) => {
      const known = TaskRef.parse(query.ref).params
      return required.every(([name, value]) => known[name] === value)
    })
  }

  /** Removes a task. Returns false if the list does not contain it. */
  delete(task: PolledTask): boolean {
    const { id } = task.query
    const tasks = toArray(this.#byId.get(id))
    if (!tasks.includes(task)) return false
    const [first, ...others] = tasks.filter((each) => each !== task)
    if (first === undefined) this.#byId.delete(id)
    else this.#byId.set(id, others.length === 0 ? first : [first, ...others])
    return true
  }

  /** All tasks. */
  *[Symbol.iterator](): Iterator<PolledTask> {
    for (const tasks of this.#byId.values()) yield* toArray(tasks)
  }
}
