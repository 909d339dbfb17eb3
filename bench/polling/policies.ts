/** The compared poll policies: those of gentask, and those of other clients. */
import { PollPolicy } from "@gentask/core"
import type { NamedPolicy } from "./simulate.ts"

/** The minimum interval, in milliseconds. It is small, so that it does not affect the comparison. */
const min = 100

/** Policies that differ in one number. */
export interface PolicyFamily {
  readonly name: string
  readonly scales: ReadonlyArray<number>
  readonly make: (scale: number) => NamedPolicy
}

/** Returns numbers from `from` to `to` with equal ratios. */
const geometricSeries = (from: number, to: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, index) => from * (to / from) ** (index / (count - 1)))

export const fixed: PolicyFamily = {
  name: "fixed",
  scales: geometricSeries(300, 60_000, 48),
  make: (wait) => ({ name: `every ${wait / 1000} s`, policy: () => PollPolicy.spaced(wait) })
}

export const growing: PolicyFamily = {
  name: "growing",
  scales: geometricSeries(0.01, 0.5, 12),
  make: (share) => ({ name: `growing by ${share}`, policy: () => PollPolicy.growing({ share, min }) })
}

export const learned: PolicyFamily = {
  name: "learned",
  scales: geometricSeries(62.5, 4000, 7),
  make: (requestCost) => ({
    name: `learned, a request worth ${requestCost / 1000} s`,
    // The initial policy keeps its default minimum, as it does for users.
    policy: () =>
      PollPolicy.learned({
        requestCost,
        min,
        otherwise: PollPolicy.growing({ share: 0.1 * Math.sqrt(requestCost / 500) })
      })
  })
}

/** Multiplies the interval by a factor after each poll. */
const backOff = (first: number, factor: number, max: number): PollPolicy.PollPolicy => ({
  next: ({ previous }) => Math.min(max, previous === undefined ? first : previous * factor)
})

const every = (name: string, wait: number, firstAt = 0): NamedPolicy => ({
  name,
  policy: () => PollPolicy.spaced(wait),
  firstAt
})

/** The defaults of other clients. Some send their first request after their first interval. */
export const peerPolicies: ReadonlyArray<NamedPolicy> = [
  every("fal client, replicate: every 0.5 s", 500),
  every("TanStack AI: every 2 s", 2000),
  every("AI SDK: every 5 s", 5000, 5000),
  {
    name: "Runway: every 6 s ± 1.5 s",
    policy: () => ({ next: ({ random }) => 4500 + 3000 * random }),
    firstAt: 6000
  },
  every("AI SDK, MiniMax: every 10 s", 10_000, 10_000),
  { name: "LobeHub: 0.5 s × 1.5 to 5 s", policy: () => backOff(500, 1.5, 5000) },
  { name: "varg: 2 s × 1.5 to 10 s", policy: () => backOff(2000, 1.5, 10_000) },
  { name: "AI SDK, Google: 1 s × 2 to 10 s", policy: () => backOff(1000, 2, 10_000) },
  { name: "google-gax: 0.1 s × 1.3 to 60 s", policy: () => backOff(100, 1.3, 60_000) },
  {
    name: "smithy: 2 s × 2 to 120 s, full jitter",
    policy: () => ({
      next: ({ polls, random }) => 2000 + random * (Math.min(120_000, 2000 * 2 ** (polls - 1)) - 2000)
    })
  },
  {
    name: "genblaze: 1 s, doubled every 30 s, to 30 s",
    policy: () => ({ next: ({ age }) => Math.min(30_000, 1000 * 2 ** Math.floor(age / 30_000)) })
  }
]

/** The policies of gentask with their defaults. */
export const gentaskPolicies: ReadonlyArray<NamedPolicy> = [
  { name: "gentask `growing`", policy: () => PollPolicy.growing() },
  { name: "gentask `learned`", policy: () => PollPolicy.learned() }
]
