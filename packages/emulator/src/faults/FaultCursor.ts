/** Takes faults from a list in order, each as often as it says. */
import type { Times } from "./Fault.ts"

/** A place in a list of faults. */
export interface FaultCursor<Fault> {
  /** The fault that is next, which counts as one strike; undefined when none is left, or the next cannot strike. */
  readonly take: (canStrike?: (fault: Fault) => boolean) => Fault | undefined
}

/** A cursor at the beginning of a list. `timesOf` says how often a fault strikes. */
export const makeFaultCursor = <Fault>(
  faults: readonly Fault[],
  timesOf: (fault: Fault) => Times
): FaultCursor<Fault> => {
  let index = 0
  let struck = 0
  return {
    take: (canStrike) => {
      const fault = faults[index]
      if (fault === undefined || canStrike?.(fault) === false) return undefined
      const times = timesOf(fault)
      struck += 1
      if (times !== "forever" && struck >= times) {
        index += 1
        struck = 0
      }
      return fault
    }
  }
}
