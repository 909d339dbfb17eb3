/** An item that is due at a time. */
export interface Due {
  /** When the item is due, in milliseconds. */
  dueAt: number
  /** The item's position in the heap, which sets it. Negative outside of the heap. */
  heapIndex: number
}

/** A binary heap of items, ordered by `dueAt`. An item is in one heap only. */
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
    for (const item of this.#items) item.heapIndex = -1
    this.#items = []
  }

  /** Adds an item. Its `dueAt` must not change until it is removed. */
  push(item: A): void {
    this.#moveUp(item, this.#items.push(item) - 1)
  }

  /** Removes and returns the item that is due first, or undefined if the heap is empty. */
  pop(): A | undefined {
    const first = this.#items[0]
    if (first !== undefined) this.remove(first)
    return first
  }

  /** Removes an item. Does nothing if the heap does not contain it. */
  remove(item: A): void {
    const items = this.#items
    const index = item.heapIndex
    if (items[index] !== item) return
    item.heapIndex = -1
    const last = items.pop() as A
    if (last === item) return
    this.#moveDown(last, index)
    if (last.heapIndex === index) this.#moveUp(last, index)
  }

  /** Stores an item at an index, or above it if it is due earlier than the items there. */
  #moveUp(item: A, start: number): void {
    const items = this.#items
    let index = start
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = items[parentIndex] as A
      if (parent.dueAt <= item.dueAt) break
      items[index] = parent
      parent.heapIndex = index
      index = parentIndex
    }
    items[index] = item
    item.heapIndex = index
  }

  /** Stores an item at an index, or below it if it is due later than the items there. */
  #moveDown(item: A, start: number): void {
    const items = this.#items
    let index = start
    for (;;) {
      let childIndex = 2 * index + 1
      const right = items[childIndex + 1]
      if (right !== undefined && right.dueAt < (items[childIndex] as A).dueAt) childIndex += 1
      const child = items[childIndex]
      if (child === undefined || child.dueAt >= item.dueAt) break
      items[index] = child
      child.heapIndex = index
      index = childIndex
    }
    items[index] = item
    item.heapIndex = index
  }
}
