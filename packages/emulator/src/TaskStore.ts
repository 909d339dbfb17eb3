/** Stores the tasks of the emulator. */
import { createTask } from "./createTask.ts"
import type { EmulatedTask, TaskSubmit } from "./EmulatedTask.ts"
import type { TaskEnd } from "./TaskScript.ts"
import { parseTaskScript, TaskScriptError } from "./parseTaskScript.ts"
import { hasEnded, stateAt } from "./TaskState.ts"
import { vendors } from "./vendors/vendorNames.ts"
import type { Vendor } from "./vendors/vendorNames.ts"

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
  /**
   * Ends a task at a time, in milliseconds since 1970, unless it has ended by then. Returns whether it had not. The task
   * is the same object afterwards.
   */
  readonly end: (task: EmulatedTask, end: Exclude<TaskEnd, "never">, at: number) => boolean
  /** Counts a poll and returns its index, from 0. */
  readonly countPoll: (task: EmulatedTask) => number
}

type MutableField = "polls" | "end" | "queuedFor" | "runningFor"

type StoredTask = Omit<EmulatedTask, MutableField> & {
  -readonly [Field in MutableField]: EmulatedTask[Field]
}

/** Creates an empty store. `linkLifetime` is the default of its tasks, in milliseconds. */
export const makeTaskStore = (linkLifetime?: number): TaskStore => {
  const tasks = Object.fromEntries(
    vendors.map((vendor) => [vendor, new Map<string, StoredTask>()])
  ) as Record<Vendor, Map<string, StoredTask>>
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
    end: ({ vendor, id }, end, at) => {
      const stored = tasks[vendor].get(id)
      if (stored === undefined || hasEnded(stateAt(stored, at).phase)) return false
      stored.queuedFor = Math.min(stored.queuedFor, at - stored.addedAt)
      stored.runningFor = at - stored.addedAt - stored.queuedFor
      stored.end = end
      return true
    },
    countPoll: ({ vendor, id }) => {
      const stored = tasks[vendor].get(id)
      if (stored === undefined) return 0
      stored.polls += 1
      return stored.polls - 1
    }
  }
}
