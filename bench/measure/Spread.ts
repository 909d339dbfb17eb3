/** What many rounds say together: the middle, and how far they lie apart. */

/** The median of some numbers, and the range that holds the middle half of them. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
  readonly rounds: number
}

/** The value below which the given part of the numbers lies. */
export const quantile = (numbers: ReadonlyArray<number>, part: number): number => {
  const sorted = numbers.toSorted((one, other) => one - other)
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
 * How many times as much one took as another, round by round: what disturbs the machine for longer than a round
 * disturbs both.
 */
export const ratioOf = (ones: ReadonlyArray<number>, others: ReadonlyArray<number>): Spread =>
  spreadOf(ones.slice(0, others.length).map((one, index) => one / (others[index] ?? Number.NaN)))
