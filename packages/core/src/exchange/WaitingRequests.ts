/** First in, first out. A request that has left the queue is dropped when its turn comes. */
export class WaitingRequests<A extends { readonly isWaiting: boolean }> {
  #requests: Array<A | undefined> = []
  #head = 0

  add(request: A): void {
    this.#requests.push(request)
  }

  /** Returns the next request that still waits. */
  peek(): A | undefined {
    while (this.#head < this.#requests.length) {
      const request = this.#requests[this.#head]
      if (request?.isWaiting === true) return request
      this.remove()
    }
    return undefined
  }

  /** Removes the next request. */
  remove(): void {
    // Drop the reference, because a request may reference a whole response.
    this.#requests[this.#head] = undefined
    this.#head += 1
    if (this.#head > 1024 && this.#head * 2 > this.#requests.length) {
      this.#requests = this.#requests.slice(this.#head)
      this.#head = 0
    }
  }
}
