/**
 * The best plan for tasks whose durations are known beforehand as a whole, though not each task's: at which ages to ask
 * so that lag and requests cost least together. Found by going backwards over a grid of ages; it shares nothing with
 * the learned policy, and says how much any policy can save that knows ages alone.
 */
import type { PollPolicy } from "@gentask/core"

/** How many ages the plan chooses from for each of two reasons, and how far apart the others are at most. */
const size = 500
const widest = 1.01

/** Ages that are close together where many tasks end, and nowhere far apart. */
const gridOf = (durations: ReadonlyArray<number>): ReadonlyArray<number> => {
  const quantile = (part: number): number => durations[Math.floor(part * (durations.length - 1))] ?? 0
  const [first, late, last] = [quantile(0), quantile(0.995), quantile(1)]
  const byCount = Array.from({ length: size }, (_, index) => quantile((index + 1) / size))
  const byTime = Array.from({ length: size }, (_, index) => first + ((late - first) * index) / size)
  const steps = Math.ceil(Math.log(last / first) / Math.log(widest))
  const byFactor = Array.from({ length: steps }, (_, index) => first * widest ** index)
  return [0, ...new Set([...byCount, ...byTime, ...byFactor, last])].toSorted((one, other) => one - other)
}

/** The plan for durations in ascending order, where a request is worth `cost` milliseconds of lag. */
export const optimum = (durations: ReadonlyArray<number>, cost: number): PollPolicy.PollPolicy => {
  const grid = gridOf(durations)
  // How many tasks run longer than each age, and the sum of the others' durations.
  const left: Array<number> = []
  const sums: Array<number> = []
  let ended = 0
  let sum = 0
  for (const age of grid) {
    while (ended < durations.length && (durations[ended] ?? 0) <= age) {
      sum += durations[ended] ?? 0
      ended += 1
    }
    left.push(durations.length - ended)
    sums.push(sum)
  }
  const at = (list: ReadonlyArray<number>, index: number): number => list[index] ?? 0
  const best = Array.from({ length: grid.length }, () => 0)
  const then = Array.from({ length: grid.length }, () => grid.length - 1)
  for (let from = grid.length - 2; from >= 0; from -= 1) {
    best[from] = Number.POSITIVE_INFINITY
    for (let to = from + 1; to < grid.length; to += 1) {
      const lag = (at(left, from) - at(left, to)) * at(grid, to) - (at(sums, to) - at(sums, from))
      const total = cost * at(left, from) + lag + at(best, to)
      if (total >= at(best, from)) continue
      best[from] = total
      then[from] = to
    }
  }
  return {
    next: ({ age }) => {
      const from = grid.findLastIndex((each) => each <= age + 1e-6)
      const to = at(then, from)
      // Past the last known end, which is rare.
      return to > from ? at(grid, to) - age : age * (widest - 1)
    }
  }
}
