/** Closing a client ends its operations with `ClientClosed`. */
import { assert, describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { createGentask } from "@gentask/core"
import type { Gentask } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import type { TasksService } from "@gentask/core/effect"
import { account, everySecond, scriptedTasks, tasksOver, working } from "../support/acme.ts"
import { startServer } from "../support/httpServer.ts"

/** The fields of the error. */
const closed = {
  _tag: "ClientClosed",
  isRetryable: false,
  message: "The client was closed before the operation ended. Create another client to continue."
}

const collect = async <A>(iterable: AsyncIterable<A>): Promise<Array<A>> => {
  const values: Array<A> = []
  for await (const value of iterable) values.push(value)
  return values
}

/** The error that a promise rejects with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error
  )

describe("a closed client of createGentask", () => {
  type Operation = readonly [name: string, run: (gentask: Gentask) => Promise<unknown>]
  const polling: ReadonlyArray<Operation> = [
    ["wait", (gentask) => gentask.wait("acme:1")],
    ["watch", (gentask) => collect(gentask.watch("acme:1"))]
  ]
  const operations: ReadonlyArray<Operation> = [
    ["query", (gentask) => gentask.query("acme:1")],
    ["save", (gentask) => gentask.save("acme:1", { dir: "unused" })],
    ...polling
  ]
  const waitAll: Operation = ["waitAll", (gentask) => collect(gentask.waitAll(["acme:1"]))]

  it.each(operations)("rejects %s if its request is in flight", async (_, run) => {
    await using server = await startServer(() => undefined)
    const gentask = createGentask({ providers: [account({ baseUrl: server.baseUrl })] })
    const rejected = rejection(run(gentask))
    await server.requested(1)
    await gentask.close()
    expect(await rejected).toMatchObject(closed)
  })

  it("settles each task of waitAll whose request is in flight", async () => {
    await using server = await startServer(() => undefined)
    const gentask = createGentask({ providers: [account({ baseUrl: server.baseUrl })] })
    const results = collect(gentask.waitAll(["acme:1", "acme:2"]))
    await server.requested(2)
    await gentask.close()
    expect(await results).toMatchObject([
      { ok: false, ref: "acme:1", snapshot: null, error: closed },
      { ok: false, ref: "acme:2", snapshot: null, error: closed }
    ])
  })

  it.each(polling)("rejects %s after several polls", async (_, run) => {
    await using server = await startServer((_, response) => response.end(JSON.stringify(working)))
    const gentask = createGentask({
      providers: [account({ baseUrl: server.baseUrl })],
      pollPolicy: { next: () => 5 }
    })
    const rejected = rejection(run(gentask))
    await server.requested(3)
    await gentask.close()
    expect(await rejected).toMatchObject(closed)
  })

  it.each([...operations, waitAll])("rejects %s if it was never used", async (_, run) => {
    const gentask = createGentask({ providers: [account()] })
    await gentask.close()
    expect(await rejection(run(gentask))).toMatchObject(closed)
  })

  it.each(operations)("rejects %s if it was used before", async (_, run) => {
    await using server = await startServer((_, response) => response.end(JSON.stringify(working)))
    const gentask = createGentask({ providers: [account({ baseUrl: server.baseUrl })] })
    await gentask.query("acme:1")
    await gentask.close()
    expect(await rejection(run(gentask))).toMatchObject(closed)
  })

  it("can be closed again", async () => {
    const gentask = createGentask({ providers: [account()] })
    await gentask.close()
    await expect(gentask.close()).resolves.toBeUndefined()
    await expect(gentask[Symbol.asyncDispose]()).resolves.toBeUndefined()
  })
})

describe("a closed layer of Tasks", () => {
  type Operation = readonly [name: string, run: (tasks: TasksService) => Effect.Effect<unknown, unknown>]
  const polling: ReadonlyArray<Operation> = [
    ["wait", (tasks) => tasks.wait("acme:1")],
    ["watch", (tasks) => Stream.runDrain(tasks.watch("acme:1"))],
    [
      "waitAll",
      (tasks) =>
        Effect.flatMap(Stream.runCollect(tasks.waitAll(["acme:1"])), ([settled]) =>
          settled?.ok === false ? Effect.fail(settled.error) : Effect.succeed(settled)
        )
    ]
  ]
  const operations: ReadonlyArray<Operation> = [["query", (tasks) => tasks.query("acme:1")], ...polling]

  const openTasks = Effect.fnUntraced(function* (layer: Layer.Layer<Tasks, unknown>) {
    const scope = yield* Scope.make()
    const tasks = Context.get(yield* Layer.buildWithScope(layer, scope), Tasks)
    return { tasks, close: Scope.close(scope, Exit.void) }
  })

  it.effect.each(polling)("fails %s between two polls, and polls no more", ([, run]) =>
    Effect.gen(function* () {
      const { layer, requests } = scriptedTasks({ "1": [working] }, everySecond)
      const { tasks, close } = yield* openTasks(layer)
      const fiber = yield* Effect.forkChild(Effect.flip(run(tasks)))
      yield* TestClock.adjust("1500 millis")
      yield* close
      assert.deepInclude(yield* Fiber.join(fiber), closed)
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(requests, 2)
    })
  )

  it.effect.each(operations)("fails %s if its request is in flight", ([, run]) =>
    Effect.gen(function* () {
      // Fails its requests when it is closed, as the transport of undici does.
      const transport = Layer.effect(
        Transport,
        Effect.gen(function* () {
          const inFlight: Array<() => void> = []
          yield* Effect.addFinalizer(() =>
            Effect.sync(() => {
              for (const fail of inFlight) fail()
            })
          )
          return {
            send: () =>
              Effect.callback<never, { readonly _tag: "Unreachable" }>((resume) => {
                inFlight.push(() => resume(Effect.fail({ _tag: "Unreachable" })))
              }),
            open: () => Effect.die("unexpected download")
          }
        })
      )
      const { tasks, close } = yield* openTasks(tasksOver(transport, everySecond))
      const fiber = yield* Effect.forkChild(Effect.flip(run(tasks)))
      yield* TestClock.adjust("500 millis")
      yield* close
      assert.deepInclude(yield* Fiber.join(fiber), closed)
    })
  )

  it.effect.each(operations)("fails a later %s without a request", ([, run]) =>
    Effect.gen(function* () {
      const { layer, requests } = scriptedTasks({ "1": [working] }, everySecond)
      const { tasks, close } = yield* openTasks(layer)
      yield* close
      assert.deepInclude(yield* Effect.flip(run(tasks)), closed)
      assert.lengthOf(requests, 0)
    })
  )
})
