import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { PolledTask } from "../../src/polling/PolledTask.ts"
import type { Subscriber, Update } from "../../src/polling/Subscriber.ts"
import type { TaskSnapshot } from "@gentask/core"
import { makeRegistry } from "../support/accountRegistry.ts"

const registry = makeRegistry(
  { send: () => Effect.die("unexpected request"), open: () => Effect.die("unexpected download") },
  { now: () => 0, fork: Effect.runFork }
)

const makeTask = () => new PolledTask(registry.resolve("acme:1"), 0, () => undefined)

const makeSubscriber = (wantsRaw = false) => {
  const updates: Array<Update> = []
  const subscriber: Subscriber = {
    wantsRaw,
    onUpdate: (update) => updates.push(update),
    onPollError: () => undefined,
    onError: () => undefined,
    onDefect: () => undefined
  }
  return { subscriber, updates }
}

const update = (raw: unknown): Update => ({
  snapshot: { ref: "acme:1", status: "running" } as TaskSnapshot,
  raw
})

describe("PolledTask", () => {
  it("reports the removal of the last subscriber once", () => {
    const task = makeTask()
    const [{ subscriber: first }, { subscriber: second }] = [makeSubscriber(), makeSubscriber()]
    task.subscribe(first)
    task.subscribe(second)
    expect([task.unsubscribe(second), task.hasSubscribers, task.subscribers]).toEqual([false, true, [first]])
    expect([task.unsubscribe(first), task.hasSubscribers, task.subscribers]).toEqual([true, false, []])
    expect(task.unsubscribe(first)).toBe(false)
  })

  it("has no subscribers after its end, so that none of them is the last one to unsubscribe", () => {
    const task = makeTask()
    const { subscriber } = makeSubscriber()
    task.subscribe(subscriber)
    expect(task.end()).toEqual([subscriber])
    expect([task.unsubscribe(subscriber), task.hasSubscribers, task.subscribers]).toEqual([false, false, []])
    expect(task.end()).toEqual([])
  })

  it("sends a new subscriber the last update", () => {
    const task = makeTask()
    task.subscribe(makeSubscriber().subscriber)
    const last = update("first")
    task.update(last, true)
    const { subscriber, updates } = makeSubscriber()
    task.subscribe(subscriber)
    expect(updates.map(({ snapshot }) => snapshot)).toEqual([last.snapshot])
  })

  it("notifies only a late subscriber with raw of a response that changes nothing", () => {
    const task = makeTask()
    const early = makeSubscriber()
    task.subscribe(early.subscriber)
    task.update(update("first"), true)
    const late = makeSubscriber(true)
    task.subscribe(late.subscriber)
    // The raw response of the first poll was not kept.
    expect(late.updates).toEqual([])
    expect(task.update(update("second"), false)).toEqual([late.subscriber])
    expect(task.update(update("third"), false)).toEqual([])
  })

  it("does not notify a late subscriber that has unsubscribed before the next response", () => {
    const task = makeTask()
    task.subscribe(makeSubscriber().subscriber)
    task.update(update("first"), true)
    const { subscriber } = makeSubscriber(true)
    task.subscribe(subscriber)
    task.unsubscribe(subscriber)
    expect(task.update(update("second"), false)).toEqual([])
  })

  it("keeps the raw response while a subscriber wants it", () => {
    const task = makeTask()
    const first = makeSubscriber(true)
    task.subscribe(first.subscriber)
    task.update(update("first"), true)
    const second = makeSubscriber(true)
    task.subscribe(second.subscriber)
    expect(second.updates.map(({ raw }) => raw)).toEqual(["first"])
  })
})
