/** Looks where the end is likely, as past tasks of the same group tell. */
import type { Durations } from "./Durations.ts"
import { observe } from "./Durations.ts"
import { memory } from "./DurationStore.ts"
import type { DurationStore } from "./DurationStore.ts"
import { growing } from "../GrowingPolicy.ts"
import { estimate, waitFor } from "./Hazard.ts"
import type { Hazard } from "./Hazard.ts"
import type { PollContext, PollPolicy } from "../PollPolicy.ts"

/** Options of `learned`; all times in milliseconds. */
export interface LearnedOptions {
  /**
   * How much lag one request is worth: the knob of the trade-off. Four times as much means half the requests and twice
   * the lag.
   * @default 500
   */
  readonly requestCost?: number | undefined
  /** The shortest wait. @default the vendor's hint, else 2000 */
  readonly min?: number | undefined
  /** The longest wait. @default the vendor's hint, else the task's age, and at least 30000 and 60 times `requestCost` */
  readonly max?: number | undefined
  /** Where durations are remembered. @default in memory, as long as the process runs */
  readonly store?: DurationStore | undefined
  /** How many ends of a group must be known before it is relied on. @default 3 */
  readonly minSamples?: number | undefined
  /**
   * What decides while too little is known, and after a poll that went unanswered.
   * @default `growing` within the same bounds; its share grows with the root of `requestCost`, from 0.1 at 500
   */
  readonly fallback?: PollPolicy | undefined
}

/** What a group's durations say. */
interface Known {
  readonly byAge: Hazard | undefined
  /** By age as a part of the reckoned age: only where that foretold past ends better than the age alone. */
  readonly byShare: Hazard | undefined
}

const know = ({ ages, shares }: Durations, leastEnds: number): Known => {
  const from = (observations: Durations["ages"]): Hazard | undefined =>
    observations.filter(({ ended }) => ended).length < leastEnds ? undefined : estimate(observations)
  const byAge = from(ages)
  const byShare = from(shares)
  const isWorse = byShare !== undefined && byAge !== undefined && byShare.spread >= byAge.spread
  return { byAge, byShare: isWorse ? undefined : byShare }
}

/** Spreads looks by ±10 % of their spacing, so that many tasks begun together are not asked about together. */
const jittered = (random: number): number => 0.9 + random * 0.2

/**
 * Places each poll where an end is likely: close together at ages at which many past tasks of the group ended, far
 * apart where none did, and by the task's progress where that foretells ends better than its age. It needs a few ends
 * to begin with, and waits like `growing` until it has them. Only the last ends count, so that a vendor that grows
 * faster or slower is followed. docs/polling.md derives it and shows what it saves.
 *
 * ```ts
 * createGentask({ providers, pollPolicy: PollPolicy.learned({ requestCost: 1000 }) })
 * ```
 */
export const learned = (options: LearnedOptions = {}): PollPolicy => {
  const { requestCost = 500, minSamples: leastEnds = 3, store = memory() } = options
  const share = 0.1 * Math.sqrt(requestCost / 500)
  const otherwise = options.fallback ?? growing({ min: options.min, max: options.max, share })
  const knowledge = new WeakMap<Durations, Known>()

  const recall = (group: string | undefined): Known | undefined => {
    const durations = group === undefined ? undefined : store.recall(group)
    if (durations === undefined) return undefined
    const known = knowledge.get(durations) ?? know(durations, leastEnds)
    knowledge.set(durations, known)
    return known
  }

  const best = ({ age, group, estimatedTotal: reckoned, random }: PollContext): number | undefined => {
    const known = recall(group)
    if (known?.byShare !== undefined && reckoned !== undefined)
      return reckoned * waitFor(known.byShare, age / reckoned, requestCost / reckoned, jittered(random))
    return known?.byAge === undefined ? undefined : waitFor(known.byAge, age, requestCost, jittered(random))
  }

  const within = ({ age, hint, random }: PollContext, wait: number): number => {
    const min = options.min ?? hint?.minMs ?? 2000
    const max = Math.max(min, options.max ?? hint?.maxMs ?? Math.max(30_000, 60 * requestCost, age))
    const bounded = (each: number): number => Math.min(max, Math.max(min, each))
    return bounded(wait) === wait ? wait : bounded(bounded(wait) * jittered(random))
  }

  return {
    next: (context) => {
      const wait = context.failures === 0 ? best(context) : undefined
      return wait === undefined ? otherwise.next(context) : within(context, wait)
    },
    learn: (span) => {
      const found = observe(span)
      if (found !== undefined) store.learn(span.group, found)
    }
  }
}
