/** Reads parts of a file, and keeps a window of it in memory. */
import type { FileHandle } from "node:fs/promises"

/** Bytes to read at once: few for a single header, and more for each further part that follows. */
const minWindowBytes = 4096
const maxWindowBytes = 128 * 1024

/** Random access to a file that does not change. */
export class FileWindow {
  /** Size of the file, in bytes. */
  readonly size: number
  readonly #file: FileHandle
  #start = 0
  #bytes = Buffer.alloc(0)
  #windowBytes = minWindowBytes

  constructor(file: FileHandle, size: number) {
    this.#file = file
    this.size = size
  }

  /** Reads bytes; fewer than requested at the end of the file. */
  async read(position: number, length: number): Promise<Buffer> {
    const end = Math.min(position + length, this.size)
    if (position < this.#start || end > this.#start + this.#bytes.length) await this.#load(position, length)
    return this.#bytes.subarray(position - this.#start, Math.max(0, end - this.#start))
  }

  /** Reads a part that is larger than a few bytes. */
  readWindow(position: number): Promise<Buffer> {
    return this.read(position, maxWindowBytes)
  }

  async #load(position: number, length: number): Promise<void> {
    const windowEnd = this.#start + this.#bytes.length
    const isNext = position >= this.#start && position <= windowEnd + minWindowBytes
    this.#windowBytes = isNext ? Math.min(2 * this.#windowBytes, maxWindowBytes) : minWindowBytes
    const rest = Math.max(0, this.size - position)
    const buffer = Buffer.allocUnsafe(Math.min(Math.max(length, this.#windowBytes), rest))
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, position)
    this.#bytes = buffer.subarray(0, bytesRead)
    this.#start = position
  }
}

/**
 * What the end of a file shows:
 *
 * - `complete`: The file ends where its format says.
 * - `unknown`: The format does not say where it ends, or other data follows.
 * - `suspect`: The file does not end as files of its format usually do.
 * - `truncated`: The file ends before its format says.
 */
export type EndState = "complete" | "unknown" | "suspect" | "truncated"

/**
 * Looks for the end of a file.
 *
 * @param isStrict Whether an end marker that may be part of the content is not enough.
 */
export type EndCheck = (file: FileWindow, isStrict: boolean) => Promise<EndState>
