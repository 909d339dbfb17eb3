/** What is remembered of how long the tasks of one group took. */
import type { Observation } from "./Hazard.ts"
import type { ObservedSpan } from "./ObservedSpan.ts"

/** What is remembered of a group, oldest first. */
export interface Durations {
  /** By age, in milliseconds. */
  readonly ages: ReadonlyArray<Observation>
  /** By age as a part of the age that the task's progress had promised. */
  readonly shares: ReadonlyArray<Observation>
}

/** How many of the last ends are remembered, and how many of the last tasks that were given up while they ran. */
export const mostEnds = 64
const mostOpen = 32

/** The part of a task that is done when its end is first reckoned from its progress. */
export const reckonedFrom = 0.25

/** Waits are not that long by a policy's choice: in them the machine slept, or the vendor was away. */
const isTooVague = ({ after, by }: ObservedSpan): boolean => by !== undefined && by > 2.5 * after + 60_000

/** What is shorter or longer is no time that a task takes, in milliseconds or as a share: sums of it would not hold. */
const shortest = 1e-3
const longest = 1e12

const isSound = ({ from, until }: Observation): boolean =>
  from >= 0 && until >= from && until >= shortest && until <= longest

/** Keeps the newest of either kind, in their order. */
const newest = (observations: ReadonlyArray<Observation>): ReadonlyArray<Observation> => {
  let ends = 0
  let open = 0
  return observations
    .toReversed()
    .filter(({ ended }) => (ended ? (ends += 1) <= mostEnds : (open += 1) <= mostOpen))
    .toReversed()
}

/** Memories of one group as one, given oldest first. What is no observation is left out. */
export const merge = (memories: ReadonlyArray<Durations>): Durations => ({
  ages: newest(memories.flatMap(({ ages }) => ages).filter(isSound)),
  shares: newest(memories.flatMap(({ shares }) => shares).filter(isSound))
})

/**
 * What a watch adds to what is known; undefined where that is nothing. A task ended somewhere between two answers: where,
 * is drawn evenly, so that over many tasks no age is favoured.
 */
export const observe = (span: ObservedSpan): Durations | undefined => {
  const { from, after, by, estimatedTotal: reckoned, random } = span
  if (isTooVague(span)) return undefined
  const ended = by !== undefined
  const until = ended ? after + (by - after) * random : after
  const age: Observation = { from, until, ended }
  if (!isSound(age) || (!ended && until === from)) return undefined
  const share: Observation | undefined =
    reckoned === undefined ? undefined : { from: reckonedFrom, until: until / reckoned, ended }
  return { ages: [age], shares: share === undefined || !isSound(share) ? [] : [share] }
}
