import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"
import { expect, it } from "vitest"
import { startEmulator } from "@gentask/emulator"
import { Tasks } from "@gentask/core/effect"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { accountsOn } from "./systems.ts"

it("records a span and counts each query, without the API key", async () => {
  await using emulator = await startEmulator({ apiKey: "sk-telemetry-secret" })
  await using folder = await temporaryFolder()
  const { id } = emulator.addTask({ vendor: "jimmy", id: "succeeded" })
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const metrics = await Effect.gen(function* () {
    const tasks = yield* Tasks
    yield* tasks.save(`jimmy:${id}`, { dir: folder.path })
    yield* tasks.wait(`jimmy:${id}`)
    yield* Effect.flip(tasks.query("jimmy:missing"))
    return yield* Metric.snapshot
  }).pipe(
    Effect.provide(
      Layer.provide(
        Tasks.layer({ providers: accountsOn(emulator.url, emulator.apiKey) }),
        Layer.succeed(Tracer.Tracer, tracer)
      )
    ),
    Effect.withTracer(tracer),
    Effect.runPromise
  )
  const recorded = spans.map(({ name, kind, status, attributes }) => [
    name,
    kind,
    status._tag === "Ended" ? status.exit._tag : "Started",
    attributes.get("gentask.ref") ?? null,
    attributes.get("server.address")
  ])
  expect(recorded).toEqual([
    ["gentask.query", "client", "Success", "jimmy:succeeded", "127.0.0.1"],
    ["gentask.download", "client", "Success", "jimmy:succeeded", "127.0.0.1"],
    ["gentask.query", "client", "Success", "jimmy:succeeded", "127.0.0.1"],
    ["gentask.query", "client", "Failure", "jimmy:missing", "127.0.0.1"]
  ])
  const counts = metrics
    .filter(({ id }) => id === "gentask.exchanges")
    .map(({ attributes, state }) => [
      attributes?.["gentask.provider"],
      attributes?.["gentask.outcome"],
      (state as { count: number }).count
    ])
  expect(counts).toEqual(
    expect.arrayContaining([
      ["jimmy", "success", 2],
      ["jimmy", "TaskNotFound", 1]
    ])
  )
  expect(inspect([spans, metrics], { depth: 12 })).not.toContain("sk-telemetry-secret")
})
