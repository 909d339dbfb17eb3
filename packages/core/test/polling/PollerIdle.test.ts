/** A poller without tasks has no timers. They would keep the process running. */
import { expect, it } from "vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { PollPolicy } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"
import type { Scheduler } from "../../src/exchange/Timer.ts"
import { Poller } from "../../src/polling/Poller.ts"
import type { PolledTask } from "../../src/polling/PolledTask.ts"
import type { Subscriber } from "../../src/polling/Subscriber.ts"
import { makeRegistry } from "../support/accountRegistry.ts"

/** Creates a poller on the real clock whose vendor reports one status for all tasks. */
const makePoller = (status: string) => {
  const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
  const scheduler: Scheduler = {
    now: () => performance.now(),
    fork: (effect) => {
      const fiber = Effect.runFork(effect)
      fibers.push(fiber)
      return fiber
    }
  }
  const poller = new Poller(scheduler, {
    policy: PollPolicy.fixed(60_000),
    notFound: { times: 3, graceMs: 30_000 },
    random: Math.random,
    wallNow: Date.now
  })
  const registry = makeRegistry(
    {
      send: () => Effect.sync(() => ({ status: 200, headers: {}, text: JSON.stringify({ status }) })),
      open: () => Effect.die("unexpected download")
    },
    scheduler
  )
  /** Subscribes to a task. `firstStatus` resolves with its first snapshot. */
  const subscribe = (id: string) => {
    const { promise: firstStatus, resolve, reject } = Promise.withResolvers<TaskSnapshot["status"]>()
    const subscriber: Subscriber = {
      wantsRaw: false,
      onUpdate: ({ snapshot }) => resolve(snapshot.status),
      onPollError: ({ error }) => reject(error),
      onError: reject,
      onDefect: reject
    }
    let task: PolledTask | undefined
    poller.subscribe(registry.resolve(`acme:${id}`), (polledTask) => {
      task = polledTask
      return subscriber
    })
    return { firstStatus, unsubscribe: () => task && poller.unsubscribe(task, subscriber) }
  }
  const runningFibers = (): number => fibers.filter((fiber) => fiber.pollUnsafe() === undefined).length
  const defects = () =>
    fibers.flatMap((fiber) => {
      const exit = fiber.pollUnsafe()
      return exit?._tag === "Failure" && Cause.hasDies(exit.cause) ? [Cause.squash(exit.cause)] : []
    })
  return { subscribe, runningFibers, defects }
}

it("clears its timer when the last subscriber unsubscribes", async () => {
  const { subscribe, runningFibers, defects } = makePoller("working")
  const [first, second] = [subscribe("1"), subscribe("2")]
  expect(await Promise.all([first.firstStatus, second.firstStatus])).toEqual(["running", "running"])
  first.unsubscribe()
  await expect.poll(runningFibers).toBe(1)
  second.unsubscribe()
  await expect.poll(runningFibers).toBe(0)
  expect(defects()).toEqual([])
})

it("clears its timer when the last task ends", async () => {
  const { subscribe, runningFibers, defects } = makePoller("stopped")
  expect(await subscribe("1").firstStatus).toBe("canceled")
  await expect.poll(runningFibers).toBe(0)
  expect(defects()).toEqual([])
})
