/** Trade-offs between lag and requests. */
import { quantile } from "../measure/Spread.ts"
import type { Cost } from "./simulate.ts"

/** What the waits of one policy cost. */
export interface Point {
  readonly scale: number
  /** Requests for each task. */
  readonly requests: number
  /** In seconds. */
  readonly meanLag: number
  readonly p95Lag: number
}

const mean = (numbers: ReadonlyArray<number>): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length

export const pointOf = (scale: number, costs: ReadonlyArray<Cost>): Point => {
  const lags = costs.map(({ lag }) => lag / 1000)
  return {
    scale,
    requests: mean(costs.map(({ requests }) => requests)),
    meanLag: mean(lags),
    p95Lag: quantile(lags, 0.95)
  }
}

/** The requests of a curve at a mean lag, between its points by their logarithms; undefined outside of it. */
export const requestsAt = (curve: ReadonlyArray<Point>, meanLag: number): number | undefined => {
  const points = curve.toSorted((one, other) => one.meanLag - other.meanLag)
  const index = points.findIndex((point) => point.meanLag >= meanLag)
  const [low, high] = [points[index - 1], points[index]]
  if (low === undefined || high === undefined) return undefined
  const part = Math.log(meanLag / low.meanLag) / Math.log(high.meanLag / low.meanLag)
  return low.requests * (high.requests / low.requests) ** part
}
