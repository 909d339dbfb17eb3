import type { MediaFormat } from "../MediaFormat.ts"
import type { ListedResult } from "../TaskView.ts"
import type { StateFault } from "./QueryFault.ts"

/** The results of a task in the order of a fault, with the additional ones. */
export const reorder = (
  media: readonly MediaFormat[],
  { order, more = [] }: Extract<StateFault, { fault: "reordered" }>
): readonly ListedResult[] => {
  const listed = [...media, ...more].map((type, index) => ({ type, index }))
  return order === "rotated" ? [...listed.slice(-1), ...listed.slice(0, -1)] : listed.toReversed()
}
