/** Waits longer as a task grows older. */
import type { PollPolicy } from "./PollPolicy.ts"

/** Options of `growing`; all times in milliseconds. */
export interface GrowingOptions {
  /** The shortest wait. @default the vendor's hint, else 2000 */
  readonly min?: number | undefined
  /** The longest wait. @default the vendor's hint, else 30000 */
  readonly max?: number | undefined
  /** The wait as a part of the task's age: the lag that the caller accepts. @default 0.1 */
  readonly share?: number | undefined
}

/** Spreads a wait by ±10 %, so that many tasks begun together are not asked about together. */
const jitter = (wait: number, random: number): number => wait * (0.9 + random * 0.2)

/**
 * Waits longer as a task grows older: a tenth of its age, between two bounds, with jitter inside them. Each poll in a
 * row that went unanswered doubles the wait, within the same bounds.
 */
export const growing = (options: GrowingOptions = {}): PollPolicy => {
  const share = options.share ?? 0.1
  return {
    next: ({ age, failures: misses, hint, random }) => {
      const min = options.min ?? hint?.minMs ?? 2000
      const max = Math.max(min, options.max ?? hint?.maxMs ?? 30_000)
      const within = (wait: number): number => Math.min(max, Math.max(min, wait))
      return within(jitter(within(within(age * share) * 2 ** Math.min(misses, 20)), random))
    }
  }
}
