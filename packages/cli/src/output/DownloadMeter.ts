/** How many milliseconds of a download determine its speed. */
const windowMs = 5000

/** The minimum time over which a speed is measured, in milliseconds. */
const minElapsedMs = 250

interface Sample {
  readonly at: number
  readonly bytes: number
}

/** Measures the speed of a download. All times are in milliseconds since 1970. */
export class DownloadMeter {
  /** The last sample before the window, and those in it. */
  #samples: ReadonlyArray<Sample> = []
  /** Null if unknown. */
  totalBytes: number | null = null

  /** How many bytes have been received. */
  get bytes(): number {
    return this.#samples.at(-1)?.bytes ?? 0
  }

  /** Adds the number of bytes that have been received until now. */
  update(bytes: number, totalBytes: number | null, now: number): void {
    // A download that starts again from the beginning has a new speed.
    const earlier = bytes < this.bytes ? [] : this.#samples
    const first = earlier.findLastIndex(({ at }) => at <= now - windowMs)
    this.#samples = [...earlier.slice(Math.max(0, first)), { at: now, bytes }]
    this.totalBytes = totalBytes
  }

  /** Returns the speed over the last seconds, in bytes per second. Undefined if it is not known yet. */
  bytesPerSecond(now: number): number | undefined {
    const start = this.#samples.findLast(({ at }) => at <= now - windowMs) ?? this.#samples[0]
    if (start === undefined || now - start.at < minElapsedMs) return undefined
    return ((this.bytes - start.bytes) * 1000) / Math.min(windowMs, now - start.at)
  }
}
