/** Stores the tasks of the emulator. */
import { createTask } from "./EmulatedTask.ts"
import type { EmulatedTask, TaskSubmit } from "./EmulatedTask.ts"
import { parseTaskScript, TaskScriptError } from "./parseTaskScript.ts"
import type { Vendor } from "./TaskScript.ts"

/** The tasks of the emulator, by vendor and id. */
export interface TaskStore {
  /**
   * Adds a task. `submit` is the request that made it.
   * @throws {TaskScriptError} If the script is invalid, or if the vendor has a task with this id.
   */
  readonly add: (script: unknown, submit?: TaskSubmit) => EmulatedTask
  /** Returns a task. */
  readonly get: (vendor: Vendor, id: string) => EmulatedTask | undefined
  /** Removes a task. Returns whether it existed. */
  readonly remove: (vendor: Vendor, id: string) => boolean
  /** Returns all tasks. */
  readonly all: () => readonly EmulatedTask[]
  /** Counts a poll and returns its index, from 0. */
  readonly countPoll: (task: EmulatedTask) => number
}

type StoredTask = Omit<EmulatedTask, "polls"> & { polls: number }

/** Creates an empty store. `linkLifetime` is the default of its tasks, in milliseconds. */
export const makeTaskStore = (linkLifetime?: number): TaskStore => {
  const tasks: Record<Vendor, Map<string, StoredTask>> = {
    jimmy: new Map(),
    sora: new Map(),
    jimeng: new Map(),
    aigptimage: new Map()
  }
  return {
    add: (script, submit) => {
      const task = createTask(parseTaskScript(script), Date.now(), linkLifetime, submit)
      const ofVendor = tasks[task.vendor]
      if (ofVendor.has(task.id)) {
        throw new TaskScriptError(`The ${task.vendor} task "${task.id}" already exists: remove it first.`)
      }
      ofVendor.set(task.id, task)
      return task
    },
    get: (vendor, id) => tasks[vendor].get(id),
    remove: (vendor, id) => tasks[vendor].delete(id),
    all: () => Object.values(tasks).flatMap((ofVendor) => [...ofVendor.values()]),
    countPoll: ({ vendor, id }) => {
      const stored = tasks[vendor].get(id)
      if (stored === undefined) return 0
      stored.polls += 1
      return stored.polls - 1
    }
  }
}
