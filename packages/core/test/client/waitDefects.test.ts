/** How a wait ends that no answer of the vendor's ends. */
import { assert, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { Tasks, Transport } from "@gentask/core/effect"
import { account, everySecond, scripted } from "../support/acme.ts"

it.effect("ends the wait for a task that cannot be asked about, without a request", () => {
  const { layer, asked } = scripted({}, everySecond)
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    const error = yield* Effect.flip(tasks.wait("acme:.."))
    assert.strictEqual(
      error.message,
      "acme:..: acme cannot ask about this task id: it would change the path of the request."
    )
    assert.deepStrictEqual(asked, [])
  }).pipe(Effect.provide(layer))
})

/** How a wait ended that has neither an answer nor an error. */
const lost = (fiber: Fiber.Fiber<unknown, unknown>) =>
  Effect.map(Fiber.await(fiber), (exit) =>
    exit._tag === "Failure" && Cause.hasDies(exit.cause) ? Cause.squash(exit.cause) : exit
  )

it.effect("ends a wait with what broke, when that is nobody's answer", () => {
  const mistake = new Error("a mistake of the transport's")
  const transport = Layer.succeed(Transport, {
    send: () => Effect.die(mistake),
    open: () => Effect.die(mistake)
  })
  const layer = Layer.provide(Tasks.layerNoTransport({ providers: [account()], ...everySecond }), transport)
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
    yield* TestClock.adjust("1 minute")
    assert.strictEqual(yield* lost(fiber), mistake)
  }).pipe(Effect.provide(layer))
})

it.effect("ends every wait when the client is closed, and any later one, and says so", () => {
  const { layer, asked } = scripted(
    { "1": [{ status: "working" }], "2": [{ status: "working" }] },
    everySecond
  )
  return Effect.gen(function* () {
    const scope = yield* Scope.make()
    const tasks = Context.get(yield* Layer.buildWithScope(layer, scope), Tasks)
    const fibers = yield* Effect.forEach(["acme:1", "acme:2"], (ref) => Effect.forkChild(tasks.wait(ref)))
    yield* TestClock.adjust("500 millis")
    yield* Scope.close(scope, Exit.void)
    yield* TestClock.adjust("1 minute")
    const closed = new Error("The client was closed before the operation ended.")
    assert.deepStrictEqual(yield* Effect.forEach(fibers, lost), [closed, closed])
    const late = [tasks.wait("acme:1"), Stream.runDrain(tasks.waitAll(["acme:2"]))]
    const lateFibers = yield* Effect.forEach(late, (wait) => Effect.forkChild(Effect.asVoid(wait)))
    assert.deepStrictEqual(yield* Effect.forEach(lateFibers, lost), [closed, closed])
    assert.lengthOf(asked, 2)
  }).pipe(Effect.scoped)
})
