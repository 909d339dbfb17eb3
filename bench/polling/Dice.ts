/** Random numbers that a seed decides. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64"
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"

/** Random numbers from 0 to 1. */
export type Dice = () => number

export const diceOf = (seed: number): Dice => {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}
