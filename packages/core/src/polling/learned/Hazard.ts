/** A task that was seen running from one age until another. Ages have any unit of time. */
export interface Observation {
  /** The age at which the task was first seen running. */
  readonly from: number
  /** The age at which it ended, or was last seen running. */
  readonly until: number
  /** Whether it ended at `until`. */
  readonly ended: boolean
}

/**
 * The hazard rate of tasks by age: the probability per unit of time that a task ends, given that it is still running.
 * It is constant within each range of ages.
 */
export interface Hazard {
  /** The boundaries of the ranges in ascending order. The first is 0. */
  readonly edges: ReadonlyArray<number>
  /** The rate between each edge and the next. */
  readonly rates: ReadonlyArray<number>
  /** After the last edge, the rate at an age is 1 / (`tailScale` + age - last edge). */
  readonly tailScale: number
  /** How much the durations differ: the logarithm of the ratio of their upper to their lower quartile. */
  readonly spread: number
}

/** Minimum tail scale and minimum width of a range, as fractions of the longest known duration. */
const minTailScale = 0.05
const minWidth = 1e-6

/** A range of ages. */
interface AgeRange {
  /** The end of the range, where the next one begins. */
  readonly high: number
  /** How many tasks ended in the range. */
  readonly endedCount: number
  /** The total time for which tasks were seen running in the range. */
  readonly runningTime: number
}

const overlap = ({ from, until }: Observation, low: number, high: number): number =>
  Math.max(0, Math.min(until, high) - Math.max(from, low))

/**
 * Divides the ages into ranges that contain a few ends each, more if more are known. The first range contains one.
 *
 * Each range also counts an imaginary task that runs through all of it. So the next task is as likely to end before the
 * first known end as between any two of them, or after the last.
 */
const divideAges = (
  observations: ReadonlyArray<Observation>,
  ends: ReadonlyArray<number>,
  last: number
): ReadonlyArray<AgeRange> => {
  const endsPerRange = Math.ceil(0.7 * Math.sqrt(ends.length))
  const ranges: Array<AgeRange> = []
  let low = 0
  for (const high of [...ends.filter((_, index) => index % endsPerRange === 0), last]) {
    if (high - low < minWidth * last) continue
    const endedCount = ends.filter((end) => end > low && end <= high).length
    const runningTime = observations.reduce(
      (sum, observation) => sum + overlap(observation, low, high),
      high - low
    )
    ranges.push({ high, endedCount, runningTime })
    low = high
  }
  return ranges
}

/**
 * Estimates the rate of each range, and shrinks the rates towards their mean as far as their differences may be due to
 * chance: a count of n ends gives the logarithm of its rate a variance of 1/n. If all differences may be due to chance,
 * all rates become equal, which results in a fixed poll interval.
 */
const estimateRates = (ranges: ReadonlyArray<AgeRange>): ReadonlyArray<number> => {
  const endedCount = ranges.reduce((sum, range) => sum + range.endedCount, 0)
  const logRates = ranges.map((range) => Math.log(range.endedCount / range.runningTime))
  const weightedMean = (values: ReadonlyArray<number>): number =>
    values.reduce((sum, value, index) => sum + value * (ranges[index]?.endedCount ?? 0), 0) / endedCount
  const mean = weightedMean(logRates)
  const variance = weightedMean(logRates.map((logRate) => (logRate - mean) ** 2))
  const shrinkage = Math.max(0, 1 - ranges.length / endedCount / (2 * variance))
  return logRates.map((logRate) => Math.exp(mean + shrinkage * (logRate - mean)))
}

/**
 * Estimates the hazard rate from observations. Tasks that were first seen at a later age, or that did not end while they
 * were observed, count only for the ages at which they were seen running.
 *
 * @returns Undefined if no observation has an end.
 */
export const estimateHazard = (observations: ReadonlyArray<Observation>): Hazard | undefined => {
  const ends = observations
    .filter(({ ended }) => ended)
    .map(({ until }) => until)
    .toSorted((a, b) => a - b)
  const last = ends.at(-1)
  if (last === undefined) return undefined
  const quantile = (fraction: number): number => ends[Math.floor((ends.length - 1) * fraction)] ?? last
  const ranges = divideAges(observations, ends, last)
  return {
    edges: [0, ...ranges.map(({ high }) => high)],
    rates: estimateRates(ranges),
    // A few durations that are close together do not prove that all are.
    tailScale: Math.max(last - quantile(0.5), last * Math.max(minTailScale, 1 / (ends.length + 1))),
    spread: Math.log(quantile(0.75) / quantile(0.25))
  }
}

/**
 * Returns the optimal delay until the next poll of a task.
 *
 * At a constant rate, the optimal interval between polls is sqrt(2 × cost / rate). Where the rate changes, the integral
 * of sqrt(rate / (2 × cost)) over the delay must be 1. docs/polling.md derives both.
 *
 * @param age The age of the task, in the unit of the hazard.
 * @param cost The lag that one poll is worth, in the same unit.
 * @param intervals How many optimal intervals the delay lasts: 1, or a number close to it for jitter.
 */
export const optimalDelay = (hazard: Hazard, age: number, cost: number, intervals: number): number => {
  const { edges, rates, tailScale } = hazard
  const last = edges.at(-1) ?? 0
  let end = age
  /** What the integral of sqrt(rate) from `end` on must still amount to. */
  let remaining = intervals * Math.sqrt(2 * cost)
  for (const [index, rate] of rates.entries()) {
    const high = edges[index + 1] ?? last
    if (high <= end) continue
    const integral = Math.sqrt(rate) * (high - end)
    if (integral >= remaining) return end + remaining / Math.sqrt(rate) - age
    remaining -= integral
    end = high
  }
  // After the last edge, the integral of 1 / sqrt(tailScale + age - last) has a closed form.
  const root = Math.sqrt(tailScale + end - last) + remaining / 2
  return end - age + root * root - (tailScale + end - last)
}
