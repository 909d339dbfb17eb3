import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64"
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"

/** Returns a random number from 0 to 1. */
export type Random = () => number

/** Creates a generator that returns the same numbers for the same seed. */
export const seededRandom = (seed: number): Random => {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}
