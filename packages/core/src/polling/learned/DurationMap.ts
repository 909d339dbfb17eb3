import { mergeDurations } from "./Durations.ts"
import type { Durations } from "./Durations.ts"

const maxKeys = 200

/** How many additions may wait to be merged. Many tasks may end at once, and merging each alone would be slow. */
const maxPending = 256

interface Entry {
  merged: Durations
  pending: Array<Durations>
}

const mergePending = (entry: Entry): Durations => {
  if (entry.pending.length > 0) {
    entry.merged = mergeDurations([entry.merged, ...entry.pending])
    entry.pending = []
  }
  return entry.merged
}

/** The durations of the 200 keys that were last added to. */
export class DurationMap {
  /** In the order in which the keys were last added to. */
  readonly #entries = new Map<string, Entry>()

  /** How many keys the map contains. */
  get size(): number {
    return this.#entries.size
  }

  /** Returns the durations of a key: the same object until some are added. */
  get(key: string): Durations | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined ? undefined : mergePending(entry)
  }

  /** Adds durations to a key. Removes the key that was not added to for longest if there are too many. */
  add(key: string, durations: Durations): void {
    const entry = this.#entries.get(key) ?? { merged: { ages: [], shares: [] }, pending: [] }
    entry.pending.push(durations)
    if (entry.pending.length >= maxPending) mergePending(entry)
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size <= maxKeys) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }

  /** Adds all durations of another map. */
  addAll(other: DurationMap): void {
    for (const [key, durations] of other.entries()) this.add(key, durations)
  }

  /** Returns all keys and their durations. The key that was last added to comes last. */
  entries(): Array<[key: string, durations: Durations]> {
    return Array.from(this.#entries, ([key, entry]) => [key, mergePending(entry)])
  }
}
