/** An item that is due at a time. */
export interface Due {
  /** When the item is due, in milliseconds. */
  dueAt: number
}

/** A binary heap of items, ordered by `dueAt`. */
export class Heap<A extends Due> {
  #items: Array<A> = []

  /** How many items the heap contains. */
  get size(): number {
    return this.#items.length
  }

  /** Returns the item that is due first, or undefined if the heap is empty. */
  peek(): A | undefined {
    return this.#items[0]
  }

  /** Removes all items. */
  clear(): void {
    this.#items = []
  }

  /** Adds an item. Its `dueAt` must not change until it is removed. */
  push(item: A): void {
    const items = this.#items
    let index = items.push(item) - 1
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = items[parentIndex] as A
      if (parent.dueAt <= item.dueAt) break
      items[index] = parent
      index = parentIndex
    }
    items[index] = item
  }

  /** Removes and returns the item that is due first, or undefined if the heap is empty. */
  pop(): A | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return first
    let index = 0
    for (;;) {
      let childIndex = 2 * index + 1
      const right = items[childIndex + 1]
      if (right !== undefined && right.dueAt < (items[childIndex] as A).dueAt) childIndex += 1
      const child = items[childIndex]
      if (child === undefined || child.dueAt >= last.dueAt) break
      items[index] = child
      index = childIndex
    }
    items[index] = last
    return first
  }
}
