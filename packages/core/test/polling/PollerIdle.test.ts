/** What a poller leaves behind: its timers would keep a process running. */
import { expect, it } from "vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { PollPolicy } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"
import type { Scheduler } from "../../src/exchange/Timer.ts"
import { Poller } from "../../src/polling/Poller.ts"
import { AccountClient } from "../../src/exchange/AccountClient.ts"
import { AccountRegistry } from "../../src/exchange/AccountRegistry.ts"
import type { PolledTask } from "../../src/polling/PolledTask.ts"
import type { Subscriber } from "../../src/polling/Subscriber.ts"
import { account } from "../support/acme.ts"

/** A poller on the real clock, a vendor whose tasks all stand alike, and what runs or broke of the poller's work. */
const begin = (status: string) => {
  const forked: Array<Fiber.Fiber<unknown, unknown>> = []
  const runner: Scheduler = {
    now: () => performance.now(),
    fork: (effect) => {
      const fiber = Effect.runFork(effect)
      forked.push(fiber)
      return fiber
    }
  }
  const poller = new Poller(runner, {
    policy: PollPolicy.fixed(60_000),
    notFound: { times: 3, graceMs: 30_000 },
    random: Math.random,
    wallNow: Date.now
  })
  const registry = new AccountRegistry(
    [account()],
    (resolved) =>
      new AccountClient(
        resolved,
        {
          send: () =>
            Effect.sync(() => ({
              status: 200,
              headers: {},
              text: JSON.stringify({ status })
            })),
          open: () => Effect.die("nothing is downloaded here")
        },
        { timeoutMs: 1000, maxBytes: 1000 },
        runner
      )
  )
  /** Watches until the task is told of. */
  const watch = (id: string) => {
    const { promise: told, resolve, reject } = Promise.withResolvers<TaskSnapshot["status"]>()
    const watcher: Subscriber = {
      wantsRaw: false,
      onUpdate: ({ snapshot }) => resolve(snapshot.status),
      onPollError: ({ error }) => reject(error),
      onError: reject,
      onDefect: reject
    }
    let task: PolledTask | undefined
    poller.subscribe(registry.resolve(`acme:${id}`), (polled) => {
      task = polled
      return watcher
    })
    return { told, leave: () => task && poller.unsubscribe(task, watcher) }
  }
  const running = (): number => forked.filter((fiber) => fiber.pollUnsafe() === undefined).length
  const broken = () =>
    forked.flatMap((fiber) => {
      const exit = fiber.pollUnsafe()
      return exit?._tag === "Failure" && Cause.hasDies(exit.cause) ? [Cause.squash(exit.cause)] : []
    })
  return { watch, running, broken }
}

it("leaves no timer and nothing broken behind when the last watcher has left", async () => {
  const { watch, running, broken } = begin("working")
  const [first, second] = [watch("1"), watch("2")]
  expect(await Promise.all([first.told, second.told])).toEqual(["running", "running"])
  first.leave()
  await expect.poll(running).toBe(1)
  second.leave()
  await expect.poll(running).toBe(0)
  expect(broken()).toEqual([])
})

it("leaves no timer and nothing broken behind when the last task has ended", async () => {
  const { watch, running, broken } = begin("stopped")
  expect(await watch("1").told).toBe("canceled")
  await expect.poll(running).toBe(0)
  expect(broken()).toEqual([])
})
