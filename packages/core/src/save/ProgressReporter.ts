/** The minimum time between two reports, in milliseconds. */
const intervalMs = 100

/** Reports how many bytes of a file have been received, but not for every chunk. */
export class ProgressReporter {
  #reportedAt = -Infinity
  readonly #report: (bytes: number, totalBytes: number | null) => void

  constructor(report: (bytes: number, totalBytes: number | null) => void) {
    this.#report = report
  }

  /**
   * Reports the bytes that have been received, unless the last report was just now.
   *
   * @param totalBytes Size of the file, if it is known.
   * @param now The time of a monotonic clock, in milliseconds.
   */
  update(bytes: number, totalBytes: number | undefined, now: number): void {
    if (now - this.#reportedAt < intervalMs) return
    this.#reportedAt = now
    this.#report(bytes, totalBytes ?? null)
  }

  /** Reports that the file is complete. */
  complete(bytes: number): void {
    this.#report(bytes, bytes)
  }
}
