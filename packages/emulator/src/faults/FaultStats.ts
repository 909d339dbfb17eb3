/** Counts requests and their faults. */
import type { LinkFaultName } from "./LinkFault.ts"
import type { MediaFaultName } from "./MediaFault.ts"
import type { QueryFaultName } from "./QueryFault.ts"

/** Counts of requests with one purpose. */
export interface FaultCounts<Name extends string> {
  /** Requests that a fault could apply to: authenticated, within the rate limit, and about an existing task. */
  readonly requests: number
  /** Requests that a fault applied to. */
  readonly faulted: number
  /** How often each fault applied. */
  readonly byFault: Readonly<Partial<Record<Name, number>>>
}

/** How many requests there were, and to how many of them a fault of a script or of the chaos profile applied. */
export interface FaultStats {
  /** The requests of both purposes. */
  readonly requests: number
  /** The requests of both purposes that a fault applied to. */
  readonly faulted: number
  /** Queries about tasks. */
  readonly queries: FaultCounts<QueryFaultName>
  /** Requests for results. Those that get a redirect or a 403 from a link fault count under its name. */
  readonly media: FaultCounts<MediaFaultName | LinkFaultName>
}

/** Counts requests and their faults. */
export interface FaultCounter<Name extends string> {
  /** Counts a request, and the fault that applied to it. */
  readonly count: (fault?: Name) => void
  /** The current counts. */
  readonly read: () => FaultCounts<Name>
  /** Resets the counts. */
  readonly clear: () => void
}

/** Creates a counter. */
export const makeFaultCounter = <Name extends string>(): FaultCounter<Name> => {
  let requests = 0
  let faulted = 0
  let byFault: Partial<Record<Name, number>> = {}
  return {
    count: (fault) => {
      requests += 1
      if (fault === undefined) return
      faulted += 1
      byFault[fault] = (byFault[fault] ?? 0) + 1
    },
    read: () => ({ requests, faulted, byFault: { ...byFault } }),
    clear: () => {
      requests = 0
      faulted = 0
      byFault = {}
    }
  }
}
