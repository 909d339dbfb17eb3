import { PollPolicy } from "@gentask/core"
import type { Candidate } from "./simulate.ts"

/** A minimum delay that does not limit any policy, in milliseconds. */
const min = 100

/** Policies that differ in one parameter. */
export interface Family {
  readonly name: string
  /** The values of the parameter. */
  readonly scales: ReadonlyArray<number>
  readonly make: (scale: number) => Candidate
}

/** Returns numbers between two bounds, with a constant ratio. */
const geometric = (from: number, to: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, index) => from * (to / from) ** (index / (count - 1)))

export const fixed: Family = {
  name: "fixed",
  scales: geometric(300, 60_000, 48),
  make: (delayMs) => ({ name: `every ${delayMs / 1000} s`, policy: () => PollPolicy.fixed(delayMs) })
}

export const growing: Family = {
  name: "growing",
  scales: geometric(0.01, 0.5, 12),
  make: (share) => ({ name: `growing by ${share}`, policy: () => PollPolicy.growing({ share, min }) })
}

export const learned: Family = {
  name: "learned",
  scales: geometric(62.5, 4000, 7),
  make: (requestCost) => ({
    name: `learned, request cost ${requestCost / 1000} s`,
    policy: () =>
      PollPolicy.learned({
        requestCost,
        min,
        // The default fallback, but with its default minimum.
        fallback: PollPolicy.growing({ share: 0.1 * Math.sqrt(requestCost / 500) })
      })
  })
}

const exponential = (firstMs: number, factor: number, maxMs: number): PollPolicy.PollPolicy => ({
  next: ({ previousDelayMs }) =>
    Math.min(maxMs, previousDelayMs === undefined ? firstMs : previousDelayMs * factor)
})

const every = (name: string, delayMs: number, firstDelayMs = 0): Candidate => ({
  name,
  policy: () => PollPolicy.fixed(delayMs),
  firstDelayMs
})

/** The default policies of other clients, as read in their source code. */
export const otherClients: ReadonlyArray<Candidate> = [
  every("fal client, replicate: every 0.5 s", 500),
  every("TanStack AI: every 2 s", 2000),
  every("AI SDK: every 5 s", 5000, 5000),
  {
    name: "Runway: every 6 s ± 1.5 s",
    policy: () => ({ next: ({ random }) => 4500 + 3000 * random }),
    firstDelayMs: 6000
  },
  every("AI SDK, MiniMax: every 10 s", 10_000, 10_000),
  { name: "LobeHub: 0.5 s × 1.5 to 5 s", policy: () => exponential(500, 1.5, 5000) },
  { name: "varg: 2 s × 1.5 to 10 s", policy: () => exponential(2000, 1.5, 10_000) },
  { name: "AI SDK, Google: 1 s × 2 to 10 s", policy: () => exponential(1000, 2, 10_000) },
  { name: "google-gax: 0.1 s × 1.3 to 60 s", policy: () => exponential(100, 1.3, 60_000) },
  {
    name: "smithy: 2 s × 2 to 120 s, full jitter",
    policy: () => ({
      next: ({ polls, random }) => 2000 + random * (Math.min(120_000, 2000 * 2 ** (polls - 1)) - 2000)
    })
  },
  {
    name: "genblaze: 1 s, doubled every 30 s, to 30 s",
    policy: () => ({ next: ({ ageMs }) => Math.min(30_000, 1000 * 2 ** Math.floor(ageMs / 30_000)) })
  }
]

export const growingDefault: Candidate = { name: "gentask `growing`", policy: () => PollPolicy.growing() }
export const learnedDefault: Candidate = { name: "gentask `learned`", policy: () => PollPolicy.learned() }
