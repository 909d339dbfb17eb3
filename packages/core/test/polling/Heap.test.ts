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

it("returns the first of its items after any additions and removals", () => {
  const time = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant(Number.POSITIVE_INFINITY))
  const operation = fc.record({ dueAt: time, kind: fc.constantFrom("push", "remove", "pop"), at: fc.nat() })
  fc.assert(
    fc.property(
      fc.array(time, { minLength: 30, maxLength: 60 }),
      fc.array(operation, { maxLength: 60 }),
      (times, operations) => {
        const heap = new Heap<Item>()
        const items = new Set<Item>()
        const push = (dueAt: number): void => {
          const item = { dueAt, heapIndex: -1 }
          heap.push(item)
          items.add(item)
        }
        const pop = (): void => {
          const item = heap.pop() as Item
          expect(item.dueAt).toBe(Math.min(...[...items].map(({ dueAt }) => dueAt)))
          items.delete(item)
        }
        for (const dueAt of times) push(dueAt)
        for (const { dueAt, kind, at } of operations) {
          const item = [...items][at % items.size]
          if (kind === "push" || item === undefined) push(dueAt)
          else if (kind === "pop") pop()
          else {
            heap.remove(item)
            items.delete(item)
          }
          expect(heap.size).toBe(items.size)
        }
        while (items.size > 0) pop()
      }
    )
  )
})
