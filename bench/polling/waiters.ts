/** The poll policies that are compared: gentask's, with what sets their trade-off, and those of other clients. */
import { PollPolicy } from "@gentask/core"
import type { Waiter } from "./simulate.ts"

/** The bound that keeps no policy from being as quick as it likes, in milliseconds. */
const min = 100

/** A family of policies, told apart by one number. */
export interface Family {
  readonly name: string
  readonly scales: ReadonlyArray<number>
  readonly make: (scale: number) => Waiter
}

/** Numbers from one to another, each the same factor apart. */
const ladder = (from: number, to: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, index) => from * (to / from) ** (index / (count - 1)))

export const fixed: Family = {
  name: "fixed",
  scales: ladder(300, 60_000, 48),
  make: (wait) => ({ name: `every ${wait / 1000} s`, policy: () => PollPolicy.fixed(wait) })
}

export const growing: Family = {
  name: "growing",
  scales: ladder(0.01, 0.5, 12),
  make: (share) => ({ name: `growing by ${share}`, policy: () => PollPolicy.growing({ share, min }) })
}

export const learned: Family = {
  name: "learned",
  scales: ladder(62.5, 4000, 7),
  make: (requestCost) => ({
    name: `learned, a request worth ${requestCost / 1000} s`,
    // What it begins with keeps its own bound, as it would for anybody.
    policy: () =>
      PollPolicy.learned({
        requestCost,
        min,
        fallback: PollPolicy.growing({ share: 0.1 * Math.sqrt(requestCost / 500) })
      })
  })
}

/** Waits that grow by a factor from poll to poll. */
const backOff = (first: number, factor: number, max: number): PollPolicy.PollPolicy => ({
  next: ({ previous }) => Math.min(max, previous === undefined ? first : previous * factor)
})

const every = (name: string, wait: number, firstAt = 0): Waiter => ({
  name,
  policy: () => PollPolicy.fixed(wait),
  firstAt
})

/** Other clients as they come. Some send their first request only after their first wait. */
export const peers: ReadonlyArray<Waiter> = [
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

/** gentask's policies as they come. */
export const ours: ReadonlyArray<Waiter> = [
  { name: "gentask `growing`", policy: () => PollPolicy.growing() },
  { name: "gentask `learned`", policy: () => PollPolicy.learned() }
]
