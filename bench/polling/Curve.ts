import { quantile } from "../measure/Spread.ts"
import type { Cost } from "./simulate.ts"

/** The mean cost of waits with one policy. */
export interface Point {
  readonly scale: number
  /** Requests per task. */
  readonly requests: number
  /** The mean lag, in seconds. */
  readonly meanLag: number
  /** The 95th percentile of the lag, in seconds. */
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

/** Interpolates the requests of a curve at a mean lag, on a logarithmic scale; undefined outside of the curve. */
export const requestsAt = (curve: ReadonlyArray<Point>, meanLag: number): number | undefined => {
  const points = curve.toSorted((a, b) => a.meanLag - b.meanLag)
  const index = points.findIndex((point) => point.meanLag >= meanLag)
  const [low, high] = [points[index - 1], points[index]]
  if (low === undefined || high === undefined) return undefined
  const part = Math.log(meanLag / low.meanLag) / Math.log(high.meanLag / low.meanLag)
  return low.requests * (high.requests / low.requests) ** part
}
