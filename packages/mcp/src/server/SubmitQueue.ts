/** Runs operations one after another, each after the one before has ended. */
export class SubmitQueue {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs an operation when all earlier ones have ended. */
  run<A>(operation: () => Promise<A>): Promise<A> {
    const result = this.#last.then(operation)
    this.#last = result.catch(() => undefined)
    return result
  }
}
