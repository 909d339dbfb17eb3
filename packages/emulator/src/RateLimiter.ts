/** Enforces rate limits with sliding windows over the accepted queries. */
import type { Vendor } from "./vendors/vendorNames.ts"

/** A rate limit: at most `limit` queries for one vendor and API key in any `windowSeconds`. */
export interface RateLimitWindow {
  /** The maximum number of queries, from 1. */
  readonly limit: number
  /** The length of the window in seconds, above 0. */
  readonly windowSeconds: number
  /** The name of the account's tier, which AI GPT Image includes in the error. @default "basic" */
  readonly tier?: string
}

/** Why a query was rejected: the window that was full. */
export interface RateLimitRejection {
  /** The maximum number of queries in the window. */
  readonly limit: number
  /** The length of the window in seconds. */
  readonly windowSeconds: number
  /** The name of the account's tier. */
  readonly tier: string
  /** Whole seconds until the window accepts a query. */
  readonly retryAfter: number
}

/** Enforces rate limits. */
export interface RateLimiter {
  /** Accepts a query, or returns why it is rejected. `at` is in milliseconds and must not decrease. */
  readonly check: (vendor: Vendor, apiKey: string, at: number) => RateLimitRejection | undefined
}

const tier = (name: string, perSecond: number, perMinute: number): readonly RateLimitWindow[] => [
  { limit: perSecond, windowSeconds: 1, tier: name },
  { limit: perMinute, windowSeconds: 60, tier: name }
]

/** AI GPT Image's documented limits for `recordInfo`, per API key (https://aigptimage.com/en/docs/rate-limits). */
export const aigptimageTiers = {
  free: tier("free", 2, 60),
  basic: tier("basic", 20, 1000),
  standard: tier("standard", 50, 3000),
  pro: tier("pro", 100, 6000),
  ultra: tier("ultra", 200, 12_000),
  enterprise: tier("enterprise", 500, 30_000)
} as const

/** AI GPT Image's documented limits for `createTask`, per API key (https://aigptimage.com/en/docs/rate-limits). */
export const aigptimageCreateTiers = {
  free: tier("free", 1, 10),
  basic: tier("basic", 5, 180),
  standard: tier("standard", 10, 600),
  pro: tier("pro", 20, 1200),
  ultra: tier("ultra", 50, 3000),
  enterprise: tier("enterprise", 100, 6000)
} as const

/** AI GPT Image's documented limits of active tasks. */
export const aigptimageActiveTasks = {
  free: 1,
  basic: 5,
  standard: 15,
  pro: 30,
  ultra: 80,
  enterprise: 300
} as const

/** kie.ai's documented limit of submits per account (https://docs.kie.ai). */
export const kieCreateLimits: readonly RateLimitWindow[] = [{ limit: 20, windowSeconds: 10 }]

interface WindowCounter {
  readonly window: RateLimitWindow
  /** Milliseconds until a query can be accepted. 0 or less means now. */
  readonly delay: (at: number) => number
  readonly count: (at: number) => void
}

const makeWindowCounter = (window: RateLimitWindow): WindowCounter => {
  // A ring of the last `limit` accepted queries: the entry that is overwritten next is the oldest.
  const accepted = new Float64Array(window.limit).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  return {
    window,
    delay: (at) => (accepted[next] ?? 0) + window.windowSeconds * 1000 - at,
    count: (at) => {
      accepted[next] = at
      next = (next + 1) % window.limit
    }
  }
}

const rejection = ({ window }: WindowCounter, delay: number): RateLimitRejection => ({
  limit: window.limit,
  windowSeconds: window.windowSeconds,
  tier: window.tier ?? "basic",
  retryAfter: Math.max(1, Math.ceil(delay / 1000))
})

const assertWindow = ({ limit, windowSeconds }: RateLimitWindow): void => {
  if (Number.isInteger(limit) && limit >= 1 && windowSeconds > 0) return
  throw new RangeError(
    `Invalid rate limit: expected an integer limit of at least 1 and windowSeconds above 0, received ${limit} in ${windowSeconds} s.`
  )
}

/**
 * Creates a rate limiter. Rejected queries do not count.
 *
 * @throws {RangeError} If a limit is not an integer of at least 1, or a window is not above 0.
 */
export const makeRateLimiter = (
  limits: Readonly<Partial<Record<Vendor, readonly RateLimitWindow[]>>>
): RateLimiter => {
  for (const window of Object.values(limits).flat()) assertWindow(window)
  const countersByAccount = new Map<string, readonly WindowCounter[]>()
  const countersFor = (
    vendor: Vendor,
    windows: readonly RateLimitWindow[],
    apiKey: string
  ): readonly WindowCounter[] => {
    const account = `${vendor} ${apiKey}`
    const existing = countersByAccount.get(account)
    if (existing !== undefined) return existing
    const counters = windows.map(makeWindowCounter)
    countersByAccount.set(account, counters)
    return counters
  }
  return {
    check: (vendor, apiKey, at) => {
      const windows = limits[vendor]
      if (windows === undefined) return undefined
      const counters = countersFor(vendor, windows, apiKey)
      const fullest = counters
        .map((counter) => ({ counter, delay: counter.delay(at) }))
        .reduce<{ counter: WindowCounter; delay: number } | undefined>(
          (longest, each) => (each.delay > (longest?.delay ?? 0) ? each : longest),
          undefined
        )
      if (fullest !== undefined) return rejection(fullest.counter, fullest.delay)
      for (const counter of counters) counter.count(at)
      return undefined
    }
  }
}
