/** A seeded profile that disturbs a share of all exchanges: which ones follows from the seed and from nothing else. */
import { hash } from "node:crypto"
import type { Vendor } from "../TaskScript.ts"
import type { MediaFault, MediaFaultName, QueryFault, QueryFaultName } from "./Fault.ts"
import { mediaFaultFor, queryFaultFor } from "./ChaosFaults.ts"
import type { ChaosTuning } from "./ChaosFaults.ts"

/** A share of all exchanges that is to be disturbed, and how. */
export interface ChaosOptions {
  /** The same seed disturbs the same exchanges. */
  readonly seed: number | string
  /** The share of queries that is disturbed, from 0 to 1. */
  readonly rate: number
  /** The share of requests for results that is disturbed, from 0 to 1. @default `rate` */
  readonly mediaRate?: number
  /**
   * How often each fault is chosen, relative to the others; a fault that is not named here is not chosen.
   * @default {@link chaosWeights}
   */
  readonly weights?: Readonly<Partial<Record<QueryFaultName, number>>>
  /** The same for requests for results. @default {@link chaosMediaWeights} */
  readonly mediaWeights?: Readonly<Partial<Record<MediaFaultName, number>>>
  /** Milliseconds after which a hanging exchange is reset. @default 1000 */
  readonly hangFor?: number
  /** Milliseconds that a delay takes at most. @default 50 */
  readonly longestDelay?: number
  /** Seconds for which a 429 or 503 asks to wait, in a form that the seed chooses. @default not said */
  readonly retryAfter?: number
}

/** How often each fault of a query is chosen. None of them changes what comes of a task. */
export const chaosWeights: Readonly<Partial<Record<QueryFaultName, number>>> = {
  delay: 3,
  hang: 1,
  reset: 3,
  truncated: 2,
  "wrong-length": 2,
  chunked: 1,
  status: 6,
  business: 3,
  "invalid-json": 2,
  "wrong-shape": 2,
  empty: 2,
  html: 2,
  lag: 2,
  "unknown-word": 2,
  "status-back": 2
}

/** How often each fault of a result is chosen. A client can find each of them out, and then get the file whole. */
export const chaosMediaWeights: Readonly<Partial<Record<MediaFaultName, number>>> = {
  delay: 3,
  hang: 1,
  reset: 4,
  truncated: 4,
  "wrong-length": 1,
  chunked: 1,
  status: 5,
  html: 1,
  json: 1,
  empty: 2,
  "ignored-range": 2,
  "other-range": 1,
  unsatisfiable: 1,
  "no-validators": 1,
  "weak-etag": 1,
  "wrong-type": 1
}

/** Faults by what an exchange is: the vendor, the task, and how many exchanges of its kind the task had before. */
export interface Chaos {
  readonly query: (vendor: Vendor, taskId: string, nth: number) => QueryFault | undefined
  /** `file` tells the results of a task apart; `isRanged` whether the request asks for a range. */
  readonly media: (
    vendor: Vendor,
    taskId: string,
    file: string,
    nth: number,
    isRanged: boolean
  ) => MediaFault | undefined
}

/** Numbers from 0 up to 1 that look like chance and follow from the words. */
const makeDraws = (words: readonly unknown[]): (() => number) => {
  const digest = hash("sha256", JSON.stringify(words), "buffer")
  let next = 0
  return () => {
    const drawn = digest.readUInt32BE(next * 4) / 2 ** 32
    next += 1
    return drawn
  }
}

const choose = <Name extends string>(
  weights: Readonly<Partial<Record<Name, number>>>,
  isPossible: (name: Name) => boolean,
  drawn: number
): Name | undefined => {
  const possible = (Object.keys(weights) as Name[]).filter(isPossible)
  const total = possible.reduce((sum, name) => sum + (weights[name] ?? 0), 0)
  let left = drawn * total
  return possible.find((name) => {
    left -= weights[name] ?? 0
    return left < 0
  })
}

/** After this many polls a task has been written everywhere. */
const laggingPolls = 2

const ofRanges: ReadonlySet<string> = new Set<MediaFaultName>([
  "ignored-range",
  "other-range",
  "unsatisfiable"
])

const assertShare = (name: string, share: number): void => {
  if (share >= 0 && share <= 1) return
  throw new RangeError(`chaos.${name} must be a number from 0 to 1, and not ${share}.`)
}

const assertWeights = (
  name: string,
  given: Readonly<Record<string, number>>,
  known: (fault: string) => boolean
): void => {
  for (const [fault, weight] of Object.entries(given)) {
    if (!known(fault)) throw new RangeError(`chaos.${name} has a fault "${fault}" that there is not.`)
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`chaos.${name}["${fault}"] must be a number, 0 or more, and not ${weight}.`)
    }
  }
}

/** @throws {RangeError} when a share is none, or a fault has no name or no weight */
export const makeChaos = (options: ChaosOptions): Chaos => {
  const { seed, rate, mediaRate = rate, weights = chaosWeights, mediaWeights = chaosMediaWeights } = options
  assertShare("rate", rate)
  assertShare("mediaRate", mediaRate)
  assertWeights("weights", weights, (name) => Object.hasOwn(queryFaultFor, name))
  assertWeights("mediaWeights", mediaWeights, (name) => Object.hasOwn(mediaFaultFor, name))
  const tuning: ChaosTuning = {
    hangFor: options.hangFor ?? 1000,
    longestDelay: options.longestDelay ?? 50,
    retryAfter: options.retryAfter
  }
  return {
    query: (vendor, taskId, nth) => {
      const draw = makeDraws([seed, "query", vendor, taskId, nth])
      if (draw() >= rate) return undefined
      const name = choose(weights, (each) => each !== "lag" || nth < laggingPolls, draw())
      return name && queryFaultFor[name]({ ...tuning, vendor, draw })
    },
    media: (vendor, taskId, file, nth, isRanged) => {
      const draw = makeDraws([seed, "media", vendor, taskId, file, nth])
      if (draw() >= mediaRate) return undefined
      const name = choose(mediaWeights, (each) => isRanged || !ofRanges.has(each), draw())
      return name && mediaFaultFor[name]({ ...tuning, vendor, draw })
    }
  }
}
