/** Counts exchanges, and those of them that were disturbed. */
import type { MediaFaultName, QueryFaultName } from "./Fault.ts"
import type { LinkFaultName } from "./LinkFault.ts"

/** Exchanges of one purpose. */
export interface DisturbedExchanges<Name extends string> {
  /** Those that a fault could have struck: with a good key or signature, let through, about a task that is known. */
  readonly exchanges: number
  readonly disturbed: number
  readonly byFault: Readonly<Partial<Record<Name, number>>>
}

/** How many exchanges there were, and how many of them were disturbed, by script or by chaos. */
export interface Disturbed {
  readonly exchanges: number
  readonly disturbed: number
  readonly queries: DisturbedExchanges<QueryFaultName>
  /** Requests for results. Those that a link's own fault redirects or forbids count under its name. */
  readonly media: DisturbedExchanges<MediaFaultName | LinkFaultName>
}

/** A count that goes on. */
export interface DisturbanceCounter<Name extends string> {
  /** Counts an exchange, and the fault that struck it. */
  readonly count: (fault?: Name) => void
  readonly read: () => DisturbedExchanges<Name>
  readonly clear: () => void
}

/** A counter that has counted nothing yet. */
export const makeDisturbanceCounter = <Name extends string>(): DisturbanceCounter<Name> => {
  let exchanges = 0
  let disturbed = 0
  let byFault: Partial<Record<Name, number>> = {}
  return {
    count: (fault) => {
      exchanges += 1
      if (fault === undefined) return
      disturbed += 1
      byFault[fault] = (byFault[fault] ?? 0) + 1
    },
    read: () => ({ exchanges, disturbed, byFault: { ...byFault } }),
    clear: () => {
      exchanges = 0
      disturbed = 0
      byFault = {}
    }
  }
}
