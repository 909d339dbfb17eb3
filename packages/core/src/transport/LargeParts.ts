/** A body in large parts: what comes while the last part is being dealt with makes the next one. */

/** Where a body comes from. */
export interface Source {
  readonly pause: () => void
  readonly resume: () => void
}

/** How much is gathered at most, in bytes, and from which space left nothing more is asked for. */
const blockSize = 512 * 1024
const leastSpace = 64 * 1024

/** Blocks that nobody uses, for the next bodies: new ones would cost more than what they are filled with. */
const idle: Array<Buffer> = []
const mostIdle = 16

const nothing = Buffer.alloc(0)

const takeBlock = (): Buffer => idle.pop() ?? Buffer.allocUnsafeSlow(blockSize)

/**
 * Takes what a source pushes, and gives it away in parts. Two blocks take turns: one is read while the other fills,
 * and the source pauses when it is full. A part is good until the next one is asked for.
 */
export class LargeParts {
  readonly #source: Source
  #block = takeBlock()
  #spare = takeBlock()
  #filled = 0
  #isPaused = false
  #end: { readonly error: unknown } | undefined
  #wake = (): void => undefined

  constructor(source: Source) {
    this.#source = source
  }

  /** Takes what came; it is copied. */
  push(chunk: Uint8Array): void {
    const needed = this.#filled + chunk.length
    if (needed > this.#block.length) this.#block = Buffer.concat([this.#block], needed)
    this.#block.set(chunk, this.#filled)
    this.#filled = needed
    if (this.#block.length - needed < leastSpace && !this.#isPaused) {
      this.#isPaused = true
      this.#source.pause()
    }
    this.#wake()
  }

  /** Nothing more will come; with an error, that it broke off. */
  end(error?: unknown): void {
    this.#end ??= { error }
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      if (this.#filled === 0 && this.#end === undefined) await this.#next()
      if (this.#filled > 0) {
        yield this.#take()
        continue
      }
      this.#giveBack()
      if (this.#end?.error !== undefined) throw this.#end.error
      return
    }
  }

  #next(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }

  /** Only at the end: whoever stops reading earlier may still be writing its last part. */
  #giveBack(): void {
    const blocks = [this.#block, this.#spare].filter((block) => block.length === blockSize)
    idle.push(...blocks.slice(0, mostIdle - idle.length))
    this.#block = this.#spare = nothing
  }

  #take(): Uint8Array {
    const part = this.#block.subarray(0, this.#filled)
    ;[this.#block, this.#spare] = [this.#spare, this.#block]
    this.#filled = 0
    if (this.#isPaused) {
      this.#isPaused = false
      this.#source.resume()
    }
    return part
  }
}
