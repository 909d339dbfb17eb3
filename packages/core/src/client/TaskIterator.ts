/** Starts a stream. It must end with an error soon after the signal is aborted. */
export type StartStream<A> = (signal: AbortSignal) => Promise<AsyncIterator<A>>

const ended = { done: true, value: undefined } as const

/**
 * One iteration over a stream that starts with the first `next`. Unlike that of an async generator, its `return` does
 * not wait for a pending `next`: both settle at once.
 */
export class TaskIterator<A> implements AsyncIterator<A, undefined> {
  readonly #start: StartStream<A>
  readonly #abort = new AbortController()
  readonly #returned = Promise.withResolvers<IteratorReturnResult<undefined>>()
  #iterator: Promise<AsyncIterator<A>> | undefined
  #last: Promise<unknown> = Promise.resolve()
  #isOver = false

  constructor(start: StartStream<A>) {
    this.#start = start
  }

  next(): Promise<IteratorResult<A, undefined>> {
    if (this.#isOver) return Promise.resolve(ended)
    this.#iterator ??= this.#start(this.#abort.signal)
    const iterator = this.#iterator
    // One after the other, as with an async generator.
    const next = this.#last.then(async () => (this.#isOver ? ended : (await iterator).next()))
    this.#last = next.catch(() => undefined)
    return Promise.race([this.#returned.promise, this.#settle(next)])
  }

  async return(): Promise<IteratorResult<A, undefined>> {
    this.#end()
    // Wait until the stream has stopped polling.
    await this.#last
    return ended
  }

  async #settle(next: Promise<IteratorResult<A>>): Promise<IteratorResult<A, undefined>> {
    try {
      const result = await next
      if (result.done !== true) return result
      this.#isOver = true
      return ended
    } catch (error) {
      if (this.#abort.signal.aborted) return ended
      this.#isOver = true
      throw error
    }
  }

  #end(): void {
    this.#isOver = true
    this.#abort.abort()
    this.#returned.resolve(ended)
  }
}
