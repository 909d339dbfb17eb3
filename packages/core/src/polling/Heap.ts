/** An item that is due at a time. */
export interface Due {
  /** When the item is due, in milliseconds. */
  dueAt: number
  /** The item's position in the heap, which sets it. Negative outside of the heap. */
  heapIndex: number
}

/** How many children each item has. Four need half the levels of two, and each level is another object in memory. */
const arity = 4

/** A heap of items, ordered by `dueAt`. An item is in one heap only. */
export class Heap<A extends Due> {
  #items: Array<A> = []
  /** The `dueAt` of each item. Comparing a million items themselves would read most of them from main memory. */
  #times: Array<number> = []

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
    this.#times = []
  }

  /** Adds an item. Its `dueAt` must not change until it is removed. */
  push(item: A): void {
    this.#times.push(item.dueAt)
    this.#moveUp(item, item.dueAt, this.#items.push(item) - 1)
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
    const time = this.#times.pop() as number
    if (last === item) return
    this.#moveDown(last, time, index)
    if (last.heapIndex === index) this.#moveUp(last, time, index)
  }

  #place(item: A, time: number, index: number): void {
    this.#items[index] = item
    this.#times[index] = time
    item.heapIndex = index
  }

  /** Stores an item at an index, or above it if it is due earlier than the items there. */
  #moveUp(item: A, time: number, start: number): void {
    let index = start
    while (index > 0) {
      const parent = Math.floor((index - 1) / arity)
      const parentTime = this.#times[parent] as number
      if (parentTime <= time) break
      this.#place(this.#items[parent] as A, parentTime, index)
      index = parent
    }
    this.#place(item, time, index)
  }

  /** Stores an item at an index, or below it if it is due later than the items there. */
  #moveDown(item: A, time: number, start: number): void {
    const times = this.#times
    const { length } = times
    let index = start
    for (;;) {
      const firstChild = arity * index + 1
      if (firstChild >= length) break
      let child = firstChild
      const end = Math.min(length, firstChild + arity)
      for (let other = firstChild + 1; other < end; other += 1) {
        if ((times[other] as number) < (times[child] as number)) child = other
      }
      const childTime = times[child] as number
      if (childTime >= time) break
      this.#place(this.#items[child] as A, childTime, index)
      index = child
    }
    this.#place(item, time, index)
  }
}
