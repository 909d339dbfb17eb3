import { DurationMap } from "./DurationMap.ts"
import type { Durations } from "./Durations.ts"

export type { Durations } from "./Durations.ts"
export type { Observation } from "./Hazard.ts"

/**
 * Stores the durations of past tasks for `PollPolicy.learned`. Both functions are synchronous, since the policy calls
 * `get` before each poll.
 */
export interface DurationStore {
  /**
   * Returns the recorded durations of a key, or undefined if there are none. Must return the same object until new
   * durations are recorded: the policy caches what it computes from them.
   */
  readonly get: (key: string) => Durations | undefined
  /** Adds durations to those of a key. */
  readonly record: (key: string, durations: Durations) => void
}

/** A store that writes its durations to a file. */
export interface FileDurationStore extends DurationStore {
  /**
   * Adds the durations that were recorded since the last flush to the file. The store does so one second after
   * durations were recorded. Call it before the process exits.
   *
   * Never rejects. What cannot be written is written with the next flush.
   */
  readonly flush: () => Promise<void>
}

/**
 * Creates a store in memory. It keeps the last 64 durations of each key and the last 200 keys.
 *
 * ```ts
 * const store = DurationStore.memory()
 * createGentask({ providers, pollPolicy: PollPolicy.learned({ store }) })
 * ```
 */
export const memory = (): DurationStore => {
  const map = new DurationMap()
  return {
    get: (key) => map.get(key),
    record: (key, durations) => map.add(key, durations)
  }
}

/**
 * Opens a store in a JSON file. It keeps the last 64 durations of each key and the last 200 keys, well below one
 * megabyte. The file contains account names, hosts, models and durations, but no task ids, prompts or API keys.
 *
 * Processes may share the file. Each flush adds to what the file contains by then, and replaces it atomically. There is
 * no lock: if two processes flush at the same moment, the additions of one may be lost.
 *
 * ```ts
 * const store = await DurationStore.file("durations.json")
 * const gentask = createGentask({ providers, pollPolicy: PollPolicy.learned({ store }) })
 * // …
 * await gentask.close()
 * await store.flush()
 * ```
 *
 * @param path The path of the file. The file and its folder are created when durations are first written.
 * @returns The store. A file that is missing or invalid counts as empty. A file of a later version is not changed.
 */
export const file = async (path: string): Promise<FileDurationStore> => {
  // Loaded on use: not every runtime has `node:fs`.
  const { DurationFile } = await import("./DurationFile.ts")
  const durations = await DurationFile.open(path)
  return {
    get: (key) => durations.get(key),
    record: (key, added) => durations.record(key, added),
    flush: () => durations.flush()
  }
}
