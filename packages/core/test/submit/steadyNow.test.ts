import { expect, it } from "vitest"
import { steadyNow } from "../../src/submit/steadyNow.ts"

it("continues whatever happens to the clocks", () => {
  let wall = 1_000_000
  let monotonic = 0
  const now = steadyNow({
    currentTimeMillisUnsafe: () => wall,
    monotonicTimeNanosUnsafe: () => BigInt(monotonic) * 1_000_000n
  } as never)
  const after = (wallMs: number, monotonicMs: number): number => {
    wall += wallMs
    monotonic += monotonicMs
    return now()
  }
  expect(after(1000, 1000)).toBe(1000)
  // The machine sleeps.
  expect(after(60_000, 0)).toBe(61_000)
  // The clock is set back while a second passes.
  expect(after(-3_600_000, 1000)).toBe(62_000)
  expect(after(0, 0)).toBe(62_000)
  // The clock is set forward.
  expect(after(3_600_000, 0)).toBe(3_662_000)
})
