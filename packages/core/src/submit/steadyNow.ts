import type * as Clock from "effect/Clock"

/**
 * Returns a function that returns the time in milliseconds since it was created, as far as either clock knows: the wall
 * clock may be set back or forward, and the monotonic clock stands still while the machine sleeps. The time never goes
 * back, and a clock that is set forward makes it later, so that a request is given up too early and never sent too late.
 */
export const steadyNow = (clock: Clock.Clock): (() => number) => {
  const readings = () => ({
    wall: clock.currentTimeMillisUnsafe(),
    monotonic: Number(clock.monotonicTimeNanosUnsafe()) / 1e6
  })
  let last = readings()
  let elapsed = 0
  return () => {
    const { wall, monotonic } = readings()
    elapsed += Math.max(0, wall - last.wall, monotonic - last.monotonic)
    last = { wall, monotonic }
    return elapsed
  }
}
