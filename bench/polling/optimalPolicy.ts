/**
 * The optimal policy for tasks whose distribution of durations is known. It is a lower bound for policies that decide by
 * age alone, and shares no code with the learned policy.
 */
import type { PollPolicy } from "@gentask/core"

/** The number of quantiles and of equal steps in the grid of ages, and the largest ratio of two adjacent ages. */
const size = 500
const maxRatio = 1.01

/** Returns the ages to choose from. They are close together where many tasks end. */
const gridOf = (durations: ReadonlyArray<number>): ReadonlyArray<number> => {
  const quantile = (part: number): number => durations[Math.floor(part * (durations.length - 1))] ?? 0
  const [first, late, last] = [quantile(0), quantile(0.995), quantile(1)]
  const byCount = Array.from({ length: size }, (_, index) => quantile((index + 1) / size))
  const byTime = Array.from({ length: size }, (_, index) => first + ((late - first) * index) / size)
  const steps = Math.ceil(Math.log(last / first) / Math.log(maxRatio))
  const byFactor = Array.from({ length: steps }, (_, index) => first * maxRatio ** index)
  return [0, ...new Set([...byCount, ...byTime, ...byFactor, last])].toSorted((a, b) => a - b)
}

/**
 * Finds the ages to poll at that minimize lag and requests together, by dynamic programming from the last age. Durations
 * are in ascending order, and a request costs as much as `cost` milliseconds of lag.
 */
export const optimalPolicy = (durations: ReadonlyArray<number>, cost: number): PollPolicy.PollPolicy => {
  const grid = gridOf(durations)
  // The number of tasks that run longer than each age, and the sum of the durations of the others.
  const remaining: Array<number> = []
  const sums: Array<number> = []
  let ended = 0
  let sum = 0
  for (const age of grid) {
    while (ended < durations.length && (durations[ended] ?? 0) <= age) {
      sum += durations[ended] ?? 0
      ended += 1
    }
    remaining.push(durations.length - ended)
    sums.push(sum)
  }
  const at = (list: ReadonlyArray<number>, index: number): number => list[index] ?? 0
  const best = Array.from({ length: grid.length }, () => 0)
  const next = Array.from({ length: grid.length }, () => grid.length - 1)
  for (let from = grid.length - 2; from >= 0; from -= 1) {
    best[from] = Number.POSITIVE_INFINITY
    for (let to = from + 1; to < grid.length; to += 1) {
      const lag = (at(remaining, from) - at(remaining, to)) * at(grid, to) - (at(sums, to) - at(sums, from))
      const total = cost * at(remaining, from) + lag + at(best, to)
      if (total >= at(best, from)) continue
      best[from] = total
      next[from] = to
    }
  }
  return {
    next: ({ age }) => {
      const from = grid.findLastIndex((each) => each <= age + 1e-6)
      const to = at(next, from)
      // Beyond the longest duration.
      return to > from ? at(grid, to) - age : age * (maxRatio - 1)
    }
  }
}
