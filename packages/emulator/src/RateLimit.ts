/** Rate limits that are kept: sliding windows over the queries that were let through. */
import type { Vendor } from "./TaskScript.ts"

/** At most `limit` queries for one vendor and API key in any `windowSeconds`. */
export interface RateWindow {
  readonly limit: number
  readonly windowSeconds: number
  /** What AI GPT Image calls the account's tier when it refuses. @default "basic" */
  readonly tier?: string
}

/** Why a query was refused: the window that was full, and the whole seconds until it has room. */
export interface RateRefusal {
  readonly limit: number
  readonly windowSeconds: number
  readonly tier: string
  readonly retryAfter: number
}

/** Lets queries through, or says why not. `at` is in milliseconds and never goes back. */
export interface RateLimiter {
  readonly admit: (vendor: Vendor, apiKey: string, at: number) => RateRefusal | undefined
}

const tier = (name: string, perSecond: number, perMinute: number): readonly RateWindow[] => [
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

interface Meter {
  /** Milliseconds until a query may be let through; 0 or less when it may now. */
  readonly wait: (at: number) => number
  readonly count: (at: number) => void
  readonly window: RateWindow
}

const makeMeter = (window: RateWindow): Meter => {
  // The last `limit` instants in a ring: the one to be overwritten next is the oldest of them.
  const admitted = new Float64Array(window.limit).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  return {
    window,
    wait: (at) => (admitted[next] ?? 0) + window.windowSeconds * 1000 - at,
    count: (at) => {
      admitted[next] = at
      next = (next + 1) % window.limit
    }
  }
}

const refusal = ({ window }: Meter, wait: number): RateRefusal => ({
  limit: window.limit,
  windowSeconds: window.windowSeconds,
  tier: window.tier ?? "basic",
  retryAfter: Math.max(1, Math.ceil(wait / 1000))
})

const assertWindow = ({ limit, windowSeconds }: RateWindow): void => {
  if (Number.isInteger(limit) && limit >= 1 && windowSeconds > 0) return
  throw new RangeError(
    `A rate window needs a whole limit from 1 and windowSeconds above 0, and not ${limit} in ${windowSeconds} s.`
  )
}

/**
 * A limiter that keeps the given windows. Refused queries do not count against a window.
 * @throws {RangeError} when a window could never be kept
 */
export const makeRateLimiter = (
  limits: Readonly<Partial<Record<Vendor, readonly RateWindow[]>>>
): RateLimiter => {
  for (const window of Object.values(limits).flat()) assertWindow(window)
  const meters = new Map<string, readonly Meter[]>()
  const metersFor = (vendor: Vendor, windows: readonly RateWindow[], apiKey: string): readonly Meter[] => {
    const name = `${vendor} ${apiKey}`
    const known = meters.get(name)
    if (known !== undefined) return known
    const made = windows.map(makeMeter)
    meters.set(name, made)
    return made
  }
  return {
    admit: (vendor, apiKey, at) => {
      const windows = limits[vendor]
      if (windows === undefined) return undefined
      const all = metersFor(vendor, windows, apiKey)
      const fullest = all
        .map((meter) => ({ meter, wait: meter.wait(at) }))
        .reduce<{ meter: Meter; wait: number } | undefined>(
          (worst, each) => (each.wait > (worst?.wait ?? 0) ? each : worst),
          undefined
        )
      if (fullest !== undefined) return refusal(fullest.meter, fullest.wait)
      for (const meter of all) meter.count(at)
      return undefined
    }
  }
}
