import type { ListedResult } from "../TaskView.ts"
import type { StateFault } from "./QueryFault.ts"

/** The results in the order of a fault. */
export const reorder = (
  listed: readonly ListedResult[],
  { order }: Extract<StateFault, { fault: "reordered" }>
): readonly ListedResult[] =>
  order === "rotated" ? [...listed.slice(-1), ...listed.slice(0, -1)] : listed.toReversed()
