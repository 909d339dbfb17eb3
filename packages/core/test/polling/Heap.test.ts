import fc from "fast-check"
import { expect, it } from "vitest"
import { Heap } from "../../src/polling/Heap.ts"

interface Item {
  dueAt: number
  heapIndex: number
}

it("returns the items that were not removed, ordered by when they are due", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ dueAt: fc.integer({ min: 0, max: 50 }), isRemoved: fc.boolean() })),
      (specs) => {
        const heap = new Heap<Item>()
        const items = specs.map(({ dueAt, isRemoved }) => ({ dueAt, isRemoved, heapIndex: -1 }))
        for (const item of items) heap.push(item)
        for (const item of items) if (item.isRemoved) heap.remove(item)
        // Removing an item again does nothing.
        for (const item of items) if (item.isRemoved) heap.remove(item)
        const popped = Array.from({ length: heap.size }, () => heap.pop()?.dueAt)
        const expected = items.filter(({ isRemoved }) => !isRemoved).map(({ dueAt }) => dueAt)
        expect(popped).toEqual(expected.toSorted((a, b) => a - b))
        expect(items.every(({ heapIndex }) => heapIndex === -1)).toBe(true)
        expect(heap.pop()).toBeUndefined()
      }
    )
  )
})
