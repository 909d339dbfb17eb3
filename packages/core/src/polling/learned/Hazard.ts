/** How likely a task is to end at each age, from how past ones went, and where to look so as to see it cheaply. */

/** A task that was seen running from one age to another, and whether it ended then. Any unit of time. */
export interface Observation {
  readonly from: number
  readonly until: number
  /** False where it was still running when it was last seen. */
  readonly ended: boolean
}

/** The chance of an end for each age, in ends per unit of time. */
export interface Hazard {
  /** Ages in ascending order, from 0. */
  readonly edges: ReadonlyArray<number>
  /** The rate from each edge to the next. */
  readonly rates: ReadonlyArray<number>
  /** Past the last edge the rate is 1 / (slack + what the age is past it). */
  readonly slack: number
  /** How far apart the ends lie: the logarithm of the ratio of their upper to their lower quartile. */
  readonly spread: number
}

/** The least slack, and the narrowest range, as parts of the age of the last end. */
const leastSlack = 0.05
const leastWidth = 1e-6

const overlap = ({ from, until }: Observation, low: number, high: number): number =>
  Math.max(0, Math.min(until, high) - Math.max(from, low))

/** A range of ages. */
interface Range {
  readonly high: number
  /** How many tasks ended in it, and for how long tasks were seen running in it. */
  readonly ended: number
  readonly running: number
}

const rangesOf = (
  observations: ReadonlyArray<Observation>,
  ends: ReadonlyArray<number>,
  last: number
): ReadonlyArray<Range> => {
  const size = Math.ceil(0.7 * Math.sqrt(ends.length))
  const ranges: Array<Range> = []
  let low = 0
  for (const high of [...ends.filter((_, index) => index % size === 0), last]) {
    if (high - low < leastWidth * last) continue
    const ended = ends.filter((end) => end > low && end <= high).length
    const running = observations.reduce((sum, observation) => sum + overlap(observation, low, high), 0)
    ranges.push({ high, ended, running: running + high - low })
    low = high
  }
  return ranges
}

/**
 * Draws rates together, as far as they differ by chance: a count of n ends makes the logarithm of its rate vary by 1/n.
 * Rates that tell nothing become one rate, which is a fixed interval; clear differences stay.
 */
const calmed = (ranges: ReadonlyArray<Range>): ReadonlyArray<number> => {
  const ended = ranges.reduce((sum, range) => sum + range.ended, 0)
  const logs = ranges.map((range) => Math.log(range.ended / range.running))
  const weighed = (values: ReadonlyArray<number>): number =>
    values.reduce((sum, value, index) => sum + value * (ranges[index]?.ended ?? 0), 0) / ended
  const mean = weighed(logs)
  const variance = weighed(logs.map((log) => (log - mean) ** 2))
  const kept = Math.max(0, 1 - ranges.length / ended / (2 * variance))
  return logs.map((log) => Math.exp(mean + kept * (log - mean)))
}

/**
 * Counts ends against the time that tasks were seen running, for each range of ages. That takes waits that began late
 * and waits that were given up for what they are. One imaginary task that never ends is counted along: the next task
 * is then as likely to end before the first known end as between any two of them, or after the last.
 *
 * A range holds a few ends, the more the more are known; the first holds one. Undefined where no end is known.
 */
export const estimate = (observations: ReadonlyArray<Observation>): Hazard | undefined => {
  const ends = observations
    .filter(({ ended }) => ended)
    .map(({ until }) => until)
    .toSorted((one, other) => one - other)
  const last = ends.at(-1)
  if (last === undefined) return undefined
  const quantile = (part: number): number => ends[Math.floor((ends.length - 1) * part)] ?? last
  const ranges = rangesOf(observations, ends, last)
  return {
    edges: [0, ...ranges.map(({ high }) => high)],
    rates: calmed(ranges),
    // A few ends that lie close together do not prove that all do.
    slack: Math.max(last - quantile(0.5), last * Math.max(leastSlack, 1 / (ends.length + 1))),
    spread: Math.log(quantile(0.75) / quantile(0.25))
  }
}

/**
 * How long to wait at an age until a task is looked at again. Looks are best spaced at sqrt(2 × cost / rate), where
 * `cost` is the time of lag that one look is worth; the wait answered holds as many such spaces as `looks` says.
 */
export const waitFor = (hazard: Hazard, age: number, cost: number, looks: number): number => {
  const { edges, rates, slack } = hazard
  const last = edges.at(-1) ?? 0
  let at = age
  // What is left of the integral of sqrt(rate) over the wait.
  let left = looks * Math.sqrt(2 * cost)
  for (const [index, rate] of rates.entries()) {
    const high = edges[index + 1] ?? last
    if (high <= at) continue
    const whole = Math.sqrt(rate) * (high - at)
    if (whole >= left) return at + left / Math.sqrt(rate) - age
    left -= whole
    at = high
  }
  const root = Math.sqrt(slack + at - last) + left / 2
  return at - age + root * root - (slack + at - last)
}
