/** The median of some numbers, and the range that contains the middle half of them. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
  readonly rounds: number
}

/** Returns the value below which a part of the numbers lies, from 0 to 1. */
export const quantile = (numbers: ReadonlyArray<number>, part: number): number => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

export const spreadOf = (numbers: ReadonlyArray<number>): Spread => ({
  median: quantile(numbers, 0.5),
  low: quantile(numbers, 0.25),
  high: quantile(numbers, 0.75),
  rounds: numbers.length
})

/**
 * Returns the spread of the ratios of two series, round by round. A disturbance of the machine that is longer than a round
 * affects both series alike.
 */
export const ratioOf = (numerators: ReadonlyArray<number>, denominators: ReadonlyArray<number>): Spread =>
  spreadOf(
    numerators
      .slice(0, denominators.length)
      .map((numerator, index) => numerator / (denominators[index] ?? Number.NaN))
  )
