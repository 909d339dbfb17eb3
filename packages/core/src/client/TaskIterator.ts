/** Starts a stream. It must end with an error soon after the signal is aborted. */
export type StartStream<A> = (signal: AbortSignal) => Promise<AsyncIterator<A>>

const ended = { done: true, value: undefined } as const

/**
 * One iteration over a stream that starts with the first `next`. Unlike that of an async generator, its `return` does
 * not wait for a pending `next`: both settle at once.
 */
export class TaskIterator<A> implements AsyncIterableIterator<A, undefined>, AsyncDisposable {
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
    const iterator = (this.#iterator ??= this.#open())
    // One after the other, as with an async generator.
    const next = this.#last.then(async () => (this.#isOver ? ended : (await iterator).next()))
    this.#last = next.catch(() => undefined)
    return Promise.race([this.#returned.promise, this.#settle(next)])
  }

  async return(value?: PromiseLike<undefined>): Promise<IteratorReturnResult<undefined>> {
    this.#end()
    await this.#last
    await this.#close()
    return { done: true, value: await value }
  }

  async throw(error?: unknown): Promise<never> {
    await this.return()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  #open(): Promise<AsyncIterator<A>> {
    const { signal } = this.#abort
    const started = this.#start(signal)
    const isAborted = Promise.withResolvers<never>()
    const abort = (): void => {
      // Starting may take long, and nothing waits for it.
      void started.then((late) => late.return?.()).catch(() => undefined)
      isAborted.reject(signal.reason)
    }
    signal.addEventListener("abort", abort)
    const iterator = Promise.race([started, isAborted.promise])
    // `next` reports the error. After `return`, nothing does.
    iterator.then(
      () => signal.removeEventListener("abort", abort),
      () => undefined
    )
    return iterator
  }

  /** Closes the stream, which stops polling: an aborted stream notices the signal only in `next`. */
  async #close(): Promise<void> {
    try {
      await (await this.#iterator)?.return?.()
    } catch {
      // The stream has already ended with an error.
    }
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
