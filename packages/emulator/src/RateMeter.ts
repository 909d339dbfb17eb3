/** Measures query rates: exact peaks over sliding windows, to verify that a client stays within a rate limit. */
import type { Vendor } from "./vendors/vendorNames.ts"

/** How many queries a vendor received with one API key, including rejected ones. */
export interface QueryRate {
  /** The vendor of the queries. */
  readonly vendor: Vendor
  /** The bearer token of the queries. Empty if they had none. */
  readonly apiKey: string
  /** The number of queries. */
  readonly total: number
  /** The maximum number of queries in any window of 1 s. A window of length w ending at t covers (t - w, t]. */
  readonly peakPerSecond: number
  /** The maximum number of queries in any window of 10 s. */
  readonly peakPer10Seconds: number
  /** The maximum number of queries in any window of 60 s. */
  readonly peakPerMinute: number
}

/** Measures query rates. */
export interface RateMeter {
  /** Counts a query. `at` is in milliseconds and must not decrease. */
  readonly count: (vendor: Vendor, apiKey: string, at: number) => void
  /** The current rates. */
  readonly read: () => readonly QueryRate[]
  /** Resets the rates. */
  readonly clear: () => void
}

interface Peaks {
  readonly add: (at: number) => void
  readonly read: () => Omit<QueryRate, "vendor" | "apiKey">
}

const slidingMaximum = (length: number, times: readonly number[]) => {
  let start = 0
  let peak = 0
  return {
    /** Moves the window to the latest time. Returns the index where it starts: earlier times are not needed anymore. */
    advance: (at: number): number => {
      while ((times[start] ?? at) <= at - length) start += 1
      peak = Math.max(peak, times.length - start)
      return start
    },
    shift: (removed: number): void => {
      start -= removed
    },
    peak: (): number => peak
  }
}

const makePeaks = (): Peaks => {
  const times: number[] = []
  let total = 0
  const second = slidingMaximum(1000, times)
  const tenSeconds = slidingMaximum(10_000, times)
  const minute = slidingMaximum(60_000, times)
  const removeFirst = (count: number): void => {
    times.splice(0, count)
    for (const window of [second, tenSeconds, minute]) window.shift(count)
  }
  return {
    add: (at) => {
      times.push(at)
      total += 1
      second.advance(at)
      tenSeconds.advance(at)
      const unneeded = minute.advance(at)
      // Half of the list at once, so that the cost per query is constant.
      if (unneeded > 1024 && unneeded * 2 > times.length) removeFirst(unneeded)
    },
    read: () => ({
      total,
      peakPerSecond: second.peak(),
      peakPer10Seconds: tenSeconds.peak(),
      peakPerMinute: minute.peak()
    })
  }
}

/** Creates a rate meter. */
export const makeRateMeter = (): RateMeter => {
  const accounts = new Map<
    string,
    { readonly vendor: Vendor; readonly apiKey: string; readonly peaks: Peaks }
  >()
  return {
    count: (vendor, apiKey, at) => {
      const key = `${vendor} ${apiKey}`
      const account = accounts.get(key) ?? { vendor, apiKey, peaks: makePeaks() }
      accounts.set(key, account)
      account.peaks.add(at)
    },
    read: () =>
      [...accounts.values()].map(({ vendor, apiKey, peaks }) => ({ vendor, apiKey, ...peaks.read() })),
    clear: () => accounts.clear()
  }
}
