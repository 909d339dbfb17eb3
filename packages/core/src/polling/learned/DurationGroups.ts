/** Durations by group, a bounded number of them. */
import { merge } from "./Durations.ts"
import type { Durations } from "./Durations.ts"

/** How many groups are remembered: those learned of last. */
export const mostGroups = 200

/** How much is put by until it is merged: many tasks may be given up at once. */
const mostFresh = 256

/** What is known of a group, and what was learned since. */
interface Held {
  known: Durations
  fresh: Array<Durations>
}

const settled = (held: Held): Durations => {
  if (held.fresh.length > 0) {
    held.known = merge([held.known, ...held.fresh])
    held.fresh = []
  }
  return held.known
}

/** Durations by group: those learned of last come last, and the first are forgotten. */
export class DurationGroups {
  readonly #groups = new Map<string, Held>()

  get size(): number {
    return this.#groups.size
  }

  /** What is known of a group: the same object as long as nothing new is. */
  recall(group: string): Durations | undefined {
    const held = this.#groups.get(group)
    return held === undefined ? undefined : settled(held)
  }

  /** Adds to a group, which becomes the one learned of last. */
  add(group: string, found: Durations): void {
    const held = this.#groups.get(group) ?? { known: { ages: [], shares: [] }, fresh: [] }
    held.fresh.push(found)
    if (held.fresh.length >= mostFresh) settled(held)
    this.#groups.delete(group)
    this.#groups.set(group, held)
    if (this.#groups.size <= mostGroups) return
    const [oldest] = this.#groups.keys()
    if (oldest !== undefined) this.#groups.delete(oldest)
  }

  /** Adds all that another one holds. */
  addAll(others: DurationGroups): void {
    for (const [group, found] of others.entries()) this.add(group, found)
  }

  entries(): Array<[group: string, durations: Durations]> {
    return Array.from(this.#groups, ([group, held]) => [group, settled(held)])
  }
}
