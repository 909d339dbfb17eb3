import type { PollPolicy } from "@gentask/core"

/** The number of grid ages at quantiles of the durations, and at even distances. */
const gridSize = 500

/** The maximum ratio of two adjacent grid ages. */
const maxRatio = 1.01

/** Returns the ages at which the policy may poll. They are close together at ages at which many tasks end. */
const makeGrid = (durations: ReadonlyArray<number>): ReadonlyArray<number> => {
  const quantile = (fraction: number): number => durations[Math.floor(fraction * (durations.length - 1))] ?? 0
  const [first, late, last] = [quantile(0), quantile(0.995), quantile(1)]
  const byQuantile = Array.from({ length: gridSize }, (_, index) => quantile((index + 1) / gridSize))
  const byTime = Array.from({ length: gridSize }, (_, index) => first + ((late - first) * index) / gridSize)
  const steps = Math.ceil(Math.log(last / first) / Math.log(maxRatio))
  const byRatio = Array.from({ length: steps }, (_, index) => first * maxRatio ** index)
  return [0, ...new Set([...byQuantile, ...byTime, ...byRatio, last])].toSorted((a, b) => a - b)
}

/**
 * Creates the policy with the lowest total cost for a known distribution of durations, by dynamic programming from the
 * last age back to the first. It shares no code with the learned policy, and shows the limit for policies that know only
 * the ages of tasks.
 *
 * @param durations Durations in milliseconds, in ascending order.
 * @param requestCost The lag that one request is worth, in milliseconds.
 */
export const optimalPolicy = (
  durations: ReadonlyArray<number>,
  requestCost: number
): PollPolicy.PollPolicy => {
  const grid = makeGrid(durations)
  // For each age of the grid: how many tasks are still running, and the total duration of the others.
  const runningCounts: Array<number> = []
  const endedTotals: Array<number> = []
  let endedCount = 0
  let endedTotal = 0
  for (const age of grid) {
    while (endedCount < durations.length && (durations[endedCount] ?? 0) <= age) {
      endedTotal += durations[endedCount] ?? 0
      endedCount += 1
    }
    runningCounts.push(durations.length - endedCount)
    endedTotals.push(endedTotal)
  }
  const at = (numbers: ReadonlyArray<number>, index: number): number => numbers[index] ?? 0
  const minCosts = Array.from({ length: grid.length }, () => 0)
  const nextIndexes = Array.from({ length: grid.length }, () => grid.length - 1)
  for (let from = grid.length - 2; from >= 0; from -= 1) {
    minCosts[from] = Number.POSITIVE_INFINITY
    for (let to = from + 1; to < grid.length; to += 1) {
      const ended = at(runningCounts, from) - at(runningCounts, to)
      const lag = ended * at(grid, to) - (at(endedTotals, to) - at(endedTotals, from))
      const cost = requestCost * at(runningCounts, from) + lag + at(minCosts, to)
      if (cost >= at(minCosts, from)) continue
      minCosts[from] = cost
      nextIndexes[from] = to
    }
  }
  return {
    next: ({ ageMs }) => {
      const from = grid.findLastIndex((age) => age <= ageMs + 1e-6)
      const to = at(nextIndexes, from)
      // A few tasks run longer than all that are known.
      return to > from ? at(grid, to) - ageMs : ageMs * (maxRatio - 1)
    }
  }
}
