/** Where the learned poll policy remembers how long tasks took. */
import { DurationGroups } from "./DurationGroups.ts"
import type { Durations } from "./Durations.ts"

export type { FileDurationStore } from "./DurationFile.ts"
export { file } from "./DurationFile.ts"
export type { Durations } from "./Durations.ts"
export type { Observation } from "./Hazard.ts"

/** Remembers how long tasks took. Both functions answer at once: the policy asks before each poll. */
export interface DurationStore {
  /** What is known of a group; the same object as long as nothing new is. */
  readonly recall: (group: string) => Durations | undefined
  /** Adds what a watch found out. */
  readonly learn: (group: string, found: Durations) => void
}

/** Remembers as long as the process runs: the last 64 ends of each group, and at most 200 groups. */
export const memory = (): DurationStore => {
  const groups = new DurationGroups()
  return {
    recall: (group) => groups.recall(group),
    learn: (group, found) => groups.add(group, found)
  }
}
