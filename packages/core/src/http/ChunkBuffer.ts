/** A body in large parts: the chunks that come while the last part is being dealt with are the next one. */

/** Where a body comes from. */
export interface Source {
  readonly pause: () => void
  readonly resume: () => void
}

/** From how many bytes on a part is worth the calls that write it, and how long fewer are waited with, in milliseconds. */
const worthwhile = 512 * 1024
const longestWait = 10

/** From how many bytes gathered on nothing more is asked for. */
const enough = 2 * worthwhile

/** What a chunk counts as, at least: a body in tiny pieces holds more than its bytes. */
const leastSize = 1024

/**
 * Gives a chunk's memory back at once. A socket's reads come in buffers of their own, and the collector, who counts
 * objects rather than bytes, would leave a hundred megabytes of them behind; new memory costs more than what it is
 * filled with, too. A chunk that shares its buffer with others is left to the collector.
 */
const release = ({ buffer, byteLength }: Uint8Array): void => {
  if (byteLength > 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}

/** Takes what a source pushes, without copying it, and gives it away in parts, which are good until the next one is asked for. */
export class ChunkBuffer {
  readonly #source: Source
  #chunks: Array<Uint8Array> = []
  #size = 0
  #isPaused = false
  #isDue = false
  #timer: NodeJS.Timeout | undefined
  #end: { readonly error: unknown } | undefined
  #wake = (): void => undefined

  constructor(source: Source) {
    this.#source = source
  }

  /** Takes a chunk, which is nobody else's from now on. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#size += Math.max(chunk.length, leastSize)
    if (this.#size >= enough && !this.#isPaused) {
      this.#isPaused = true
      this.#source.pause()
    }
    if (this.#size >= worthwhile) this.#giveAway()
    else this.#timer ??= setTimeout(() => this.#giveAway(), longestWait)
  }

  /** Nothing more will come; with an error, that it broke off. */
  end(error?: unknown): void {
    this.#end ??= { error }
    this.#giveAway()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ReadonlyArray<Uint8Array>, void> {
    for (;;) {
      if (!this.#isDue) await this.#due()
      if (this.#size === 0) break
      const part = this.#take()
      yield part
      // Only now: whoever stops reading earlier may still be writing its last part.
      for (const chunk of part) release(chunk)
    }
    if (this.#end?.error !== undefined) throw this.#end.error
  }

  #due(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }

  #giveAway(): void {
    clearTimeout(this.#timer)
    this.#isDue = true
    this.#wake()
  }

  #take(): ReadonlyArray<Uint8Array> {
    const part = this.#chunks
    this.#chunks = []
    this.#size = 0
    this.#timer = undefined
    this.#isDue = this.#end !== undefined
    if (this.#isPaused) {
      this.#isPaused = false
      this.#source.resume()
    }
    return part
  }
}
