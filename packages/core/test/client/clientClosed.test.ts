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
import { ClientClosed, createGentask } from "@gentask/core"
import type { Gentask } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import type { TasksService } from "@gentask/core/effect"
import { account, everySecond, scriptedTasks, tasksOver, working } from "../support/acme.ts"
import { startServer } from "../support/httpServer.ts"

const collect = async <A>(iterable: AsyncIterable<A>): Promise<Array<A>> => {
  const values: Array<A> = []
  for await (const value of iterable) values.push(value)
  return values
}

const message = "The client was closed before the operation ended. Create another client to continue."

describe("a closed client of createGentask", () => {
  const operations: ReadonlyArray<readonly [string, (gentask: Gentask) => Promise<unknown>]> = [
    ["query", (gentask) => gentask.query("acme:1")],
    ["wait", (gentask) => gentask.wait("acme:1")],
    ["watch", (gentask) => collect(gentask.watch("acme:1"))],
    ["save", (gentask) => gentask.save("acme:1", { dir: "unused" })]
  ]

  it.each(operations)("rejects %s if its request is in flight", async (_, run) => {
    await using server = await startServer(() => undefined)
    const gentask = createGentask({ providers: [account({ baseUrl: server.baseUrl })] })
    const rejected = expect(run(gentask)).rejects.toThrow(new ClientClosed())
    await server.requested(1)
    await gentask.close()
    await rejected
  })

  it("settles each task of waitAll whose request is in flight", async () => {
    await using server = await startServer(() => undefined)
    const gentask = createGentask({ providers: [account({ baseUrl: server.baseUrl })] })
    const settled = collect(gentask.waitAll(["acme:1", "acme:2"]))
    await server.requested(2)
    await gentask.close()
    expect(await settled).toEqual(
      ["acme:1", "acme:2"].map((ref) => ({ ok: false, ref, snapshot: null, error: new ClientClosed() }))
    )
  })

  it.each(operations.filter(([name]) => name === "wait" || name === "watch"))(
    "rejects %s between two polls",
    async (_, run) => {
      await using server = await startServer((_, response) => response.end(JSON.stringify(working)))
      const gentask = createGentask({
        providers: [account({ baseUrl: server.baseUrl })],
        pollPolicy: { next: () => 5 }
      })
      const rejected = expect(run(gentask)).rejects.toThrow(new ClientClosed())
      await server.requested(3)
      await gentask.close()
      await rejected
    }
  )

  it.each([...operations, ["waitAll", (gentask: Gentask) => collect(gentask.waitAll(["acme:1"]))] as const])(
    "rejects a later %s",
    async (_, run) => {
      await using server = await startServer((_, response) => response.end(JSON.stringify(working)))
      const providers = [account({ baseUrl: server.baseUrl })]
      const unused = createGentask({ providers })
      await unused.close()
      await expect(run(unused)).rejects.toThrow(new ClientClosed())
      const used = createGentask({ providers })
      await used.query("acme:1")
      await used.close()
      await expect(run(used)).rejects.toThrow(new ClientClosed())
    }
  )

  it("can be closed again", async () => {
    const gentask = createGentask({ providers: [account()] })
    await gentask.close()
    await gentask.close()
    await gentask[Symbol.asyncDispose]()
  })
})

describe("a closed layer of Tasks", () => {
  const operations: ReadonlyArray<
    readonly [string, (tasks: TasksService) => Effect.Effect<unknown, unknown>]
  > = [
    ["query", (tasks) => tasks.query("acme:1")],
    ["wait", (tasks) => tasks.wait("acme:1")],
    ["watch", (tasks) => Stream.runDrain(tasks.watch("acme:1"))],
    [
      "waitAll",
      (tasks) =>
        Stream.runCollect(tasks.waitAll(["acme:1"])).pipe(
          Effect.flatMap(([settled]) =>
            settled?.ok === false ? Effect.fail(settled.error) : Effect.succeed(settled)
          )
        )
    ]
  ]

  const openTasks = Effect.fnUntraced(function* (layer: Layer.Layer<Tasks, unknown>) {
    const scope = yield* Scope.make()
    const tasks = Context.get(yield* Layer.buildWithScope(layer, scope), Tasks)
    return { tasks, close: Scope.close(scope, Exit.void) }
  })

  const assertClosed = (error: unknown): void => {
    assert.instanceOf(error, ClientClosed)
    assert.deepStrictEqual([error._tag, error.isRetryable, error.message], ["ClientClosed", false, message])
  }

  it.effect.each(operations.filter(([name]) => name !== "query"))("fails %s between two polls", ([, run]) =>
    Effect.gen(function* () {
      const { layer, requests } = scriptedTasks({ "1": [working] }, everySecond)
      const { tasks, close } = yield* openTasks(layer)
      const fiber = yield* Effect.forkChild(Effect.flip(run(tasks)))
      yield* TestClock.adjust("1500 millis")
      yield* close
      assertClosed(yield* Fiber.join(fiber))
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(requests, 2)
    })
  )

  it.effect.each(operations)("fails %s if its request is in flight", ([, run]) =>
    Effect.gen(function* () {
      // As a real transport, this one fails its requests when it is closed.
      const transport = Layer.effect(
        Transport,
        Effect.gen(function* () {
          let fail: Array<(effect: Effect.Effect<never, { readonly _tag: "Unreachable" }>) => void> = []
          yield* Effect.addFinalizer(() =>
            Effect.sync(() => fail.forEach((resume) => resume(Effect.fail({ _tag: "Unreachable" }))))
          )
          return {
            send: () =>
              Effect.callback<never, { readonly _tag: "Unreachable" }>((resume) => void fail.push(resume)),
            open: () => Effect.die("unexpected download")
          }
        })
      )
      const { tasks, close } = yield* openTasks(tasksOver(transport, everySecond))
      const fiber = yield* Effect.forkChild(Effect.flip(run(tasks)))
      yield* TestClock.adjust("500 millis")
      yield* close
      assertClosed(yield* Fiber.join(fiber))
    })
  )

  it.effect.each(operations)("fails a later %s without a request", ([, run]) =>
    Effect.gen(function* () {
      const { layer, requests } = scriptedTasks({ "1": [working] }, everySecond)
      const { tasks, close } = yield* openTasks(layer)
      yield* close
      assertClosed(yield* Effect.flip(run(tasks)))
      assert.lengthOf(requests, 0)
    })
  )
})
