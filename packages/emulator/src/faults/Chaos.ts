/** A seeded profile that injects faults into a share of all requests. The same seed affects the same requests. */
import { hash } from "node:crypto"
import { chaosSubmitWeights, submitFaultFor } from "../submit/SubmitChaos.ts"
import type { ChaosSubmitFaultName } from "../submit/SubmitChaos.ts"
import type { SubmitFault } from "../submit/SubmitFault.ts"
import type { Service, Vendor } from "../vendors/vendorNames.ts"
import { mediaFaultFor, queryFaultFor } from "./ChaosFaults.ts"
import type { ChaosSettings } from "./ChaosFaults.ts"
import { isRangeFault } from "./MediaFault.ts"
import type { MediaFault, MediaFaultName } from "./MediaFault.ts"
import type { QueryFault, QueryFaultName } from "./QueryFault.ts"

/** Which share of all requests gets a fault, and which faults. */
export interface ChaosOptions {
  /** The same seed affects the same requests. */
  readonly seed: number | string
  /** The share of queries that gets a fault, from 0 to 1. */
  readonly rate: number
  /** The share of requests for results that gets a fault, from 0 to 1. @default `rate` */
  readonly mediaRate?: number
  /** The share of submits that gets a fault, from 0 to 1. Many of them make a task without a usable response. @default 0 */
  readonly submitRate?: number
  /**
   * How often each fault of queries is chosen, relative to the others. Absent faults are never chosen.
   * @default {@link chaosWeights}
   */
  readonly weights?: Readonly<Partial<Record<QueryFaultName, number>>>
  /** The same for requests for results. @default {@link chaosMediaWeights} */
  readonly mediaWeights?: Readonly<Partial<Record<MediaFaultName, number>>>
  /** The same for submits. @default {@link chaosSubmitWeights} */
  readonly submitWeights?: Readonly<Partial<Record<ChaosSubmitFaultName, number>>>
  /** Milliseconds until a hanging connection is reset. @default 1000 */
  readonly hangFor?: number
  /** The maximum delay in milliseconds. @default 50 */
  readonly maxDelay?: number
  /** Seconds until the client should retry after 429 or 503, in a form that the seed chooses. @default absent */
  readonly retryAfter?: number
}

/**
 * The default weights of the faults of queries. None of them changes the end of a task or the bytes of its results. A
 * `reordered` list can contain one result more.
 */
export const chaosWeights: Readonly<Partial<Record<QueryFaultName, number>>> = {
  delay: 3,
  hang: 1,
  reset: 3,
  truncated: 2,
  "wrong-length": 2,
  chunked: 1,
  "close-delimited": 1,
  compressed: 4,
  status: 6,
  business: 3,
  "invalid-json": 2,
  bom: 2,
  "wrong-shape": 2,
  empty: 2,
  html: 2,
  lag: 2,
  "unknown-status": 2,
  "status-regression": 2,
  reordered: 4,
  "clock-skew": 3
}

/** The default weights of the faults of results. A client can detect each of them and then get the correct file. */
export const chaosMediaWeights: Readonly<Partial<Record<MediaFaultName, number>>> = {
  delay: 3,
  hang: 1,
  reset: 4,
  truncated: 4,
  "wrong-length": 1,
  chunked: 1,
  "close-delimited": 3,
  compressed: 4,
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

/** Chooses the fault of a request. The choice depends on the arguments and the seed only. */
export interface Chaos {
  /** The fault of a query. `index` counts the task's queries from 0. */
  readonly query: (vendor: Vendor, taskId: string, index: number) => QueryFault | undefined
  /** The fault of a request for a result. `index` counts the requests for the file from 0. */
  readonly media: (
    vendor: Vendor,
    taskId: string,
    file: string,
    index: number,
    isRangeRequest: boolean
  ) => MediaFault | undefined
  /** The fault of a submit. `attempt` counts the submits with the same body from 0. */
  readonly submit: (service: Service, bodyDigest: string, attempt: number) => SubmitFault | undefined
}

/** Returns a function that returns numbers from 0, below 1, which depend on the key only. */
const makeRandom = (key: readonly unknown[]): (() => number) => {
  const digest = hash("sha256", JSON.stringify(key), "buffer")
  let next = 0
  return () => {
    const value = digest.readUInt32BE(next * 4) / 2 ** 32
    next += 1
    return value
  }
}

const choose = <Name extends string>(
  weights: Readonly<Partial<Record<Name, number>>>,
  canApply: (name: Name) => boolean,
  random: number
): Name | undefined => {
  const applicable = (Object.keys(weights) as Name[]).filter(canApply)
  const total = applicable.reduce((sum, name) => sum + (weights[name] ?? 0), 0)
  let left = random * total
  return applicable.find((name) => {
    left -= weights[name] ?? 0
    return left < 0
  })
}

/** The number of polls that can get a `lag`. */
const maxLaggingPolls = 2

const assertShare = (name: string, share: number): void => {
  if (share >= 0 && share <= 1) return
  throw new RangeError(`Invalid chaos.${name}: expected a number from 0 to 1, received ${share}.`)
}

const assertWeights = (
  name: string,
  weights: Readonly<Record<string, number>>,
  known: Readonly<Record<string, unknown>>
): void => {
  for (const [fault, weight] of Object.entries(weights)) {
    if (!Object.hasOwn(known, fault)) {
      throw new RangeError(
        `Invalid chaos.${name}: unknown fault "${fault}", expected one of ${Object.keys(known).join(", ")}.`
      )
    }
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `Invalid chaos.${name}["${fault}"]: expected a number of at least 0, received ${weight}.`
      )
    }
  }
}

/**
 * Creates the chooser of a profile.
 *
 * @throws {RangeError} If a rate is outside 0 to 1, a fault is unknown, or a weight is negative or not finite.
 */
export const makeChaos = (options: ChaosOptions): Chaos => {
  const { seed, rate, mediaRate = rate, submitRate = 0 } = options
  const {
    weights = chaosWeights,
    mediaWeights = chaosMediaWeights,
    submitWeights = chaosSubmitWeights
  } = options
  assertShare("rate", rate)
  assertShare("mediaRate", mediaRate)
  assertWeights("weights", weights, queryFaultFor)
  assertWeights("mediaWeights", mediaWeights, mediaFaultFor)
  assertShare("submitRate", submitRate)
  assertWeights("submitWeights", submitWeights, submitFaultFor)
  const settings: ChaosSettings = {
    hangFor: options.hangFor ?? 1000,
    maxDelay: options.maxDelay ?? 50,
    retryAfter: options.retryAfter
  }
  return {
    query: (vendor, taskId, index) => {
      const random = makeRandom([seed, "query", vendor, taskId, index])
      if (random() >= rate) return undefined
      const name = choose(weights, (each) => each !== "lag" || index < maxLaggingPolls, random())
      return name && queryFaultFor[name]({ ...settings, vendor, random })
    },
    media: (vendor, taskId, file, index, isRangeRequest) => {
      const random = makeRandom([seed, "media", vendor, taskId, file, index])
      if (random() >= mediaRate) return undefined
      const name = choose(mediaWeights, (each) => isRangeRequest || !isRangeFault(each), random())
      return name && mediaFaultFor[name]({ ...settings, vendor, random })
    },
    submit: (service, bodyDigest, attempt) => {
      const random = makeRandom([seed, "submit", service, bodyDigest, attempt])
      if (random() >= submitRate) return undefined
      const name = choose(submitWeights, () => true, random())
      return name && submitFaultFor[name]({ ...settings, random })
    }
  }
}
