/** What is due, earliest first. */

/** Something that is due at a time, in milliseconds. */
export interface Due {
  dueAt: number
}

/** A binary heap by `dueAt`. */
export class Heap<A extends Due> {
  #items: Array<A> = []

  get size(): number {
    return this.#items.length
  }

  peek(): A | undefined {
    return this.#items[0]
  }

  clear(): void {
    this.#items = []
  }

  push(item: A): void {
    const items = this.#items
    let index = items.push(item) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = items[parent] as A
      if (above.dueAt <= item.dueAt) break
      items[index] = above
      index = parent
    }
    items[index] = item
  }

  pop(): A | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return first
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      const right = items[child + 1]
      if (right !== undefined && right.dueAt < (items[child] as A).dueAt) child += 1
      const below = items[child]
      if (below === undefined || below.dueAt >= last.dueAt) break
      items[index] = below
      index = child
    }
    items[index] = last
    return first
  }
}
