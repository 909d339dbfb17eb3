/** A task as one response shows it, which faults can change. */
import type { EmulatedTask } from "./EmulatedTask.ts"
import type { AssignedLinkFault } from "./faults/AssignedLinkFault.ts"
import type { MediaFormat } from "./MediaFormat.ts"

/** A result in a list of results. */
export interface ListedResult {
  /** The format of the file. */
  readonly type: MediaFormat
  /** The index that names the file, from 0. It stays the same in a list in another order. */
  readonly index: number
}

/** A task as one response shows it. */
export interface TaskView extends EmulatedTask {
  /** The fault of the links, if they have one. */
  readonly linkFault?: AssignedLinkFault
  /** The list of results, if it is not that of the task. */
  readonly listed?: readonly ListedResult[]
  /** Milliseconds by which all times are ahead, except those of the links. */
  readonly clockSkew?: number
}

/** The task with additional results at the end of its list. */
export const withMoreResults = (task: EmulatedTask, more: readonly MediaFormat[]): TaskView =>
  more.length === 0
    ? task
    : { ...task, listed: [...task.media, ...more].map((type, index) => ({ type, index })) }

/** The results in the order in which a response lists them. */
export const listedResults = ({ media, listed }: TaskView): readonly ListedResult[] =>
  listed ?? media.map((type, index) => ({ type, index }))
