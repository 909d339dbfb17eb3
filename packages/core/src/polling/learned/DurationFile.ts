import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { DurationMap } from "./DurationMap.ts"
import type { Durations } from "./Durations.ts"
import { formatDurations, parseDurations } from "./durationJson.ts"

/** The delay between a recorded duration and the flush, in milliseconds. */
const flushDelayMs = 1000

/** How many times a flush is attempted if other processes change the file meanwhile. */
const maxAttempts = 5

const read = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined)

/** A file with durations that processes may share. */
export class DurationFile {
  readonly #path: string
  /** The content of the file when it was last read or written, and what was recorded since. */
  #durations: DurationMap
  /** What was recorded since the last flush. */
  #pending = new DurationMap()
  #timer: NodeJS.Timeout | undefined
  #lastFlush: Promise<void> = Promise.resolve()

  private constructor(path: string, durations: DurationMap) {
    this.#path = path
    this.#durations = durations
  }

  /** Reads a file. If it cannot be read or has another version, it counts as empty. */
  static async open(path: string): Promise<DurationFile> {
    return new DurationFile(path, parseDurations(await read(path)) ?? new DurationMap())
  }

  /** Returns the durations of a key: the same object until some are recorded or read from the file. */
  get(key: string): Durations | undefined {
    return this.#durations.get(key)
  }

  /** Adds durations to a key, and schedules a flush. */
  record(key: string, durations: Durations): void {
    this.#durations.add(key, durations)
    this.#pending.add(key, durations)
    this.#timer ??= setTimeout(() => void this.flush(), flushDelayMs).unref()
  }

  /** Writes what was recorded since the last flush. Never rejects. */
  flush(): Promise<void> {
    this.#lastFlush = this.#lastFlush.then(() => this.#flush())
    return this.#lastFlush
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const additions = this.#pending
    this.#pending = new DurationMap()
    if (additions.size === 0) return
    try {
      await this.#write(additions, maxAttempts)
    } catch {
      additions.addAll(this.#pending)
      this.#pending = additions
    }
  }

  async #write(additions: DurationMap, attempts: number): Promise<void> {
    const text = await read(this.#path)
    const durations = parseDurations(text)
    // A later version of gentask may use this file. Its content must not be lost.
    if (durations === undefined) return
    durations.addAll(additions)
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    const partPath = `${this.#path}.${crypto.randomUUID()}.part`
    try {
      await writeFile(partPath, formatDurations(durations), { mode: 0o600 })
      if ((await read(this.#path)) !== text && attempts > 1) return await this.#write(additions, attempts - 1)
      await rename(partPath, this.#path)
    } finally {
      await rm(partPath, { force: true })
    }
    this.#durations = durations
    // What was recorded during this flush is written with the next one.
    this.#durations.addAll(this.#pending)
  }
}
