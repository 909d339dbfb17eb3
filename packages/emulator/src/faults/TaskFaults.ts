/** The scripted faults of each task, and how far they have been used. */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { MediaFormat } from "../MediaFormat.ts"
import type { RepeatCount } from "./DeliveryFault.ts"
import { makeFaultCursor } from "./FaultCursor.ts"
import type { FaultCursor } from "./FaultCursor.ts"
import type { LinkFault } from "./LinkFault.ts"
import type { MediaFault } from "./MediaFault.ts"
import type { QueryFault } from "./QueryFault.ts"
import type { ReportedState } from "./queryFaultResponse.ts"

/** The scripted faults of a task, and what its responses have contained so far. */
export interface TaskFaults {
  /** The faults of queries. */
  readonly queries: FaultCursor<QueryFault>
  /** The faults of requests for results. */
  readonly media: FaultCursor<MediaFault>
  /** The faults of links. */
  readonly links: FaultCursor<LinkFault>
  /** How many responses have contained links from a list of link faults. */
  issues: number
  /** Counts of requests by file, and of refused requests by link. */
  readonly requests: Map<string, number>
  /** The results that responses list in addition to those of the script. */
  more: readonly MediaFormat[]
  /** The state that the last correct response reported. */
  reported: ReportedState | undefined
}

const timesOfQueryFault = (fault: QueryFault): RepeatCount =>
  ("polls" in fault ? fault.polls : undefined) ?? ("times" in fault ? fault.times : undefined) ?? 1

const timesOfLinkFault = ({ link, queries }: LinkFault): RepeatCount =>
  queries ?? (link === "expired" || link === "forbidden" ? 1 : "forever")

const create = (task: EmulatedTask): TaskFaults => ({
  queries: makeFaultCursor(task.faults, timesOfQueryFault),
  media: makeFaultCursor(task.mediaFaults, ({ times = 1 }) => times),
  links: makeFaultCursor(task.links, timesOfLinkFault),
  issues: 0,
  requests: new Map(),
  more: [],
  reported: undefined
})

/** Returns a function that returns the faults of a task, and creates them on first use. */
export const makeTaskFaults = (): ((task: EmulatedTask) => TaskFaults) => {
  const created = new WeakMap<EmulatedTask, TaskFaults>()
  return (task) => {
    const existing = created.get(task)
    if (existing !== undefined) return existing
    const faults = create(task)
    created.set(task, faults)
    return faults
  }
}
