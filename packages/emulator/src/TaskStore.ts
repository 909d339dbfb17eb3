/** The tasks that the emulator answers for. */
import type { EmulatedTask, Vendor } from "./TaskScript.ts"
import { makeTask } from "./TaskScript.ts"
import { assertTaskScript, TaskScriptError } from "./TaskScriptCheck.ts"

/** The tasks that the emulator answers for, by vendor and id. */
export interface TaskStore {
  /** Takes anything. @throws {TaskScriptError} when it is no script, the script cannot be followed, or the vendor has a task of this id */
  readonly add: (script: unknown) => EmulatedTask
  readonly get: (vendor: Vendor, id: string) => EmulatedTask | undefined
  readonly remove: (vendor: Vendor, id: string) => boolean
  readonly all: () => readonly EmulatedTask[]
  /** Counts a poll, and answers its number: 0 for the first. */
  readonly countPoll: (task: EmulatedTask) => number
}

type StoredTask = Omit<EmulatedTask, "polls"> & { polls: number }

/** A store without tasks. `linkLifetime` is the default of its tasks, in milliseconds. */
export const makeTaskStore = (linkLifetime?: number): TaskStore => {
  const tasks: Record<Vendor, Map<string, StoredTask>> = {
    jimmy: new Map(),
    sora: new Map(),
    jimeng: new Map(),
    aigptimage: new Map()
  }
  return {
    add: (script) => {
      assertTaskScript(script)
      const task = makeTask(script, Date.now(), linkLifetime)
      const known = tasks[task.vendor]
      if (known.has(task.id)) {
        throw new TaskScriptError(`There is already a ${task.vendor} task ${task.id}: remove it first.`)
      }
      known.set(task.id, task)
      return task
    },
    get: (vendor, id) => tasks[vendor].get(id),
    remove: (vendor, id) => tasks[vendor].delete(id),
    all: () => Object.values(tasks).flatMap((known) => [...known.values()]),
    countPoll: ({ vendor, id }) => {
      const stored = tasks[vendor].get(id)
      if (stored === undefined) return 0
      stored.polls += 1
      return stored.polls - 1
    }
  }
}
