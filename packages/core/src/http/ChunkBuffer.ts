/** A source that pushes chunks and can be paused, such as an undici response. */
export interface PausableSource {
  readonly pause: () => void
  readonly resume: () => void
}

/** A batch is delivered as soon as it has this many bytes. Larger writes need fewer system calls per byte. */
const batchBytes = 512 * 1024

/** A smaller batch is delivered after this time, in milliseconds. */
const maxDelayMs = 10

/** The source is paused while this many bytes are buffered. */
const highWaterMark = 2 * batchBytes

/** The least that a chunk counts as, in bytes. Many tiny chunks need far more memory than their content. */
const minChunkSize = 1024

/**
 * Frees a chunk's memory at once. Each read of a socket has a buffer of its own, and the garbage collector, which counts
 * objects rather than bytes, would leave a hundred megabytes of them. A chunk that shares its buffer is left alone.
 */
const free = ({ buffer, byteLength }: Uint8Array): void => {
  if (byteLength > 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}

/**
 * Buffers the chunks of a body and delivers them in large batches, without copying them. Chunks that arrive while the
 * reader processes a batch form the next one. A batch is valid until the next one is requested.
 *
 * ```ts
 * const body = new ChunkBuffer(controller)
 * for await (const chunks of body) await file.writev(chunks)
 * ```
 */
export class ChunkBuffer {
  readonly #source: PausableSource
  #chunks: Array<Uint8Array> = []
  #size = 0
  #isPaused = false
  #isReady = false
  #timer: NodeJS.Timeout | undefined
  #end: { readonly error: unknown } | undefined
  #wake = (): void => undefined

  constructor(source: PausableSource) {
    this.#source = source
  }

  /** Appends a chunk, whose memory belongs to this buffer from now on. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#size += Math.max(chunk.length, minChunkSize)
    if (this.#size >= highWaterMark && !this.#isPaused) {
      this.#isPaused = true
      this.#source.pause()
    }
    if (this.#size >= batchBytes) this.#deliver()
    else this.#timer ??= setTimeout(() => this.#deliver(), maxDelayMs)
  }

  /** Ends the body. With an error, the iteration fails with it after the last batch. */
  end(error?: unknown): void {
    this.#end ??= { error }
    this.#deliver()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ReadonlyArray<Uint8Array>, void> {
    for (;;) {
      if (!this.#isReady) await this.#nextBatch()
      if (this.#size === 0) break
      const batch = this.#takeBatch()
      yield batch
      // Not earlier: a reader that stops may still be writing its last batch.
      for (const chunk of batch) free(chunk)
    }
    if (this.#end?.error !== undefined) throw this.#end.error
  }

  #nextBatch(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }

  #deliver(): void {
    clearTimeout(this.#timer)
    this.#isReady = true
    this.#wake()
  }

  #takeBatch(): ReadonlyArray<Uint8Array> {
    const chunks = this.#chunks
    this.#chunks = []
    this.#size = 0
    this.#timer = undefined
    this.#isReady = this.#end !== undefined
    if (this.#isPaused) {
      this.#isPaused = false
      this.#source.resume()
    }
    return chunks
  }
}
