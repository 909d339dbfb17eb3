/** How fast queries came: exact peaks over sliding windows, for proving that a rate budget was kept. */
import type { Vendor } from "./TaskScript.ts"

/** How many queries came for one vendor with one API key, refused ones included. */
export interface Rate {
  readonly vendor: Vendor
  /** The bearer token as it was sent; empty when there was none. */
  readonly apiKey: string
  readonly total: number
  /** The most queries in any window of 1 s. A window of length w holds the instants in (t - w, t]. */
  readonly peakPerSecond: number
  /** The most queries in any window of 10 s. */
  readonly peakPer10Seconds: number
  /** The most queries in any window of 60 s. */
  readonly peakPerMinute: number
}

/** Counts queries. `at` is in milliseconds and never goes back. */
export interface RateMeter {
  readonly count: (vendor: Vendor, apiKey: string, at: number) => void
  readonly read: () => readonly Rate[]
  readonly clear: () => void
}

interface Peaks {
  readonly add: (at: number) => void
  readonly read: () => Pick<Rate, "total" | "peakPerSecond" | "peakPer10Seconds" | "peakPerMinute">
}

const slidingMaximum = (length: number, times: readonly number[]) => {
  let head = 0
  let peak = 0
  return {
    /** Takes the newest instant in; the instants before the answer are out of this window for good. */
    advance: (at: number): number => {
      while ((times[head] ?? at) <= at - length) head += 1
      peak = Math.max(peak, times.length - head)
      return head
    },
    shift: (dropped: number): void => {
      head -= dropped
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
  const forget = (old: number): void => {
    times.splice(0, old)
    for (const window of [second, tenSeconds, minute]) window.shift(old)
  }
  return {
    add: (at) => {
      times.push(at)
      total += 1
      second.advance(at)
      tenSeconds.advance(at)
      const old = minute.advance(at)
      // Half of the list at once, so that forgetting costs nothing per query.
      if (old > 1024 && old * 2 > times.length) forget(old)
    },
    read: () => ({
      total,
      peakPerSecond: second.peak(),
      peakPer10Seconds: tenSeconds.peak(),
      peakPerMinute: minute.peak()
    })
  }
}

/** A meter that has counted nothing yet. */
export const makeRateMeter = (): RateMeter => {
  const meters = new Map<
    string,
    { readonly vendor: Vendor; readonly apiKey: string; readonly peaks: Peaks }
  >()
  return {
    count: (vendor, apiKey, at) => {
      const name = `${vendor} ${apiKey}`
      const meter = meters.get(name) ?? { vendor, apiKey, peaks: makePeaks() }
      meters.set(name, meter)
      meter.peaks.add(at)
    },
    read: () =>
      [...meters.values()].map(({ vendor, apiKey, peaks }) => ({ vendor, apiKey, ...peaks.read() })),
    clear: () => meters.clear()
  }
}
