import { quantile } from "../measure/Spread.ts"
import type { PollCost } from "./simulate.ts"

/** The costs of a policy, averaged over tasks: one point of the trade-off between requests and lag. */
export interface Point {
  /** The value of the parameter that was varied. */
  readonly scale: number
  /** Requests per task. */
  readonly requests: number
  /** In seconds. */
  readonly meanLag: number
  /** In seconds. */
  readonly p95Lag: number
}

const mean = (numbers: ReadonlyArray<number>): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length

/** Averages the costs of tasks. */
export const pointOf = (scale: number, costs: ReadonlyArray<PollCost>): Point => {
  const lags = costs.map(({ lagMs }) => lagMs / 1000)
  return {
    scale,
    requests: mean(costs.map(({ requests }) => requests)),
    meanLag: mean(lags),
    p95Lag: quantile(lags, 0.95)
  }
}

/**
 * Returns the requests per task at a mean lag, interpolated between the points of a curve on logarithmic scales.
 *
 * @returns Undefined if the curve does not cover the mean lag.
 */
export const requestsAt = (curve: ReadonlyArray<Point>, meanLag: number): number | undefined => {
  const points = curve.toSorted((a, b) => a.meanLag - b.meanLag)
  const index = points.findIndex((point) => point.meanLag >= meanLag)
  const [low, high] = [points[index - 1], points[index]]
  if (low === undefined || high === undefined) return undefined
  const fraction = Math.log(meanLag / low.meanLag) / Math.log(high.meanLag / low.meanLag)
  return low.requests * (high.requests / low.requests) ** fraction
}
