/** Takes faults from a list in order, each as often as it specifies. */
import type { RepeatCount } from "./DeliveryFault.ts"

/** A position in a list of faults. */
export interface FaultCursor<Fault> {
  /** Takes the current fault once. Undefined if there are no more faults, or if the current one cannot apply. */
  readonly take: (canApply?: (fault: Fault) => boolean) => Fault | undefined
}

/** Creates a cursor at the start of a list. `timesOf` returns how often a fault applies. */
export const makeFaultCursor = <Fault>(
  faults: readonly Fault[],
  timesOf: (fault: Fault) => RepeatCount
): FaultCursor<Fault> => {
  let index = 0
  let taken = 0
  return {
    take: (canApply) => {
      const fault = faults[index]
      if (fault === undefined || canApply?.(fault) === false) return undefined
      const times = timesOf(fault)
      taken += 1
      if (times !== "forever" && taken >= times) {
        index += 1
        taken = 0
      }
      return fault
    }
  }
}
