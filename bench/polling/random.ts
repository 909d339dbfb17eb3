import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64"
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"

/** Returns random numbers from 0 to 1. */
export type Random = () => number

/** Creates random numbers that depend only on a seed. */
export const makeRandom = (seed: number): Random => {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}
