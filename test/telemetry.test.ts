import { readFile } from "node:fs/promises"
import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"
import { expect, it } from "vitest"
import { startEmulator } from "@gentask/emulator"
import { memoryLedger, PollPolicy } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { metricNames } from "@gentask/core/internal"
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

/** Records all spans. */
const recordSpans = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer, layer: Layer.succeed(Tracer.Tracer, tracer) }
}

it("links the polls of another client to the submit, and records the end of the task once", async () => {
  await using emulator = await startEmulator()
  // The first polls report that the task still runs.
  emulator.scriptSubmits("jimmy", { task: { faults: [{ fault: "lag", polls: 2 }] } })
  const ledger = memoryLedger()
  const { spans, tracer, layer } = recordSpans()
  const registry = Metric.MetricRegistry
  const metrics = new Map()
  const client = () =>
    Layer.provide(
      Tasks.layer({
        providers: accountsOn(emulator.url, emulator.apiKey),
        pollPolicy: PollPolicy.fixed(20),
        ledger
      }),
      [layer, Layer.succeed(registry, metrics)]
    )
  const run = <A, E>(effect: Effect.Effect<A, E, Tasks>): Promise<A> =>
    effect.pipe(
      Effect.provide(client()),
      Effect.withTracer(tracer),
      Effect.provideService(registry, metrics),
      Effect.runPromise
    )
  const request = { account: "jimmy", model: "gpt-image-2", prompt: "A fox" }
  const { ref } = await run(Tasks.use((tasks) => tasks.submit(request)))
  await run(
    Effect.withSpan(
      Tasks.use((tasks) => tasks.wait(ref)),
      "caller"
    )
  )
  const named = (name: string) => spans.filter((span) => span.name === name)
  const [submit] = named("gentask.submit")
  const queries = named("gentask.query")
  expect(queries.length).toBeGreaterThan(2)
  for (const { links, parent, traceId } of [...queries, ...named("gentask.task")]) {
    expect(links.map(({ span }) => [span.traceId, span.spanId])).toEqual([[submit?.traceId, submit?.spanId]])
    expect([parent._tag, traceId === submit?.traceId]).toEqual(["None", false])
  }
  expect((await ledger.intent(ref))?.traceparent).toBe(`00-${submit?.traceId}-${submit?.spanId}-01`)
  const [task, ...others] = named("gentask.task")
  expect(others).toEqual([])
  expect(Object.fromEntries(task?.attributes ?? [])).toMatchObject({
    "gentask.ref": ref,
    "gentask.task.status": "succeeded",
    "gentask.task.polls": queries.length,
    "gen_ai.operation.name": "generate_image",
    "gentask.task.duration": expect.any(Number)
  })
  const snapshot = await Metric.snapshot.pipe(Effect.provideService(registry, metrics), Effect.runPromise)
  const duration = snapshot.find(({ id }) => id === "gen_ai.client.operation.duration")
  expect(duration).toMatchObject({
    attributes: { "gen_ai.operation.name": "generate_image", unit: "s" },
    state: { count: 1 }
  })
  expect(duration?.state).toMatchObject({ buckets: expect.arrayContaining([[3600, 1]]) })
  expect(
    inspect(
      spans.map((span) => [...span.attributes]),
      { depth: 9 }
    )
  ).not.toContain("A fox")
})

it("queries without a link if the ledger fails", async () => {
  await using emulator = await startEmulator()
  const { id } = emulator.addTask({ vendor: "jimmy" })
  const { spans, tracer, layer } = recordSpans()
  const ledger = { ...memoryLedger(), intent: () => Promise.reject(new Error("The disk is full.")) }
  await Tasks.use((tasks) => tasks.query(`jimmy:${id}`)).pipe(
    Effect.provide(
      Layer.provide(Tasks.layer({ providers: accountsOn(emulator.url, emulator.apiKey), ledger }), layer)
    ),
    Effect.withTracer(tracer),
    Effect.runPromise
  )
  expect(spans.map(({ name, links }) => [name, links])).toEqual([["gentask.query", []]])
})

interface Dashboard {
  readonly panels: ReadonlyArray<{ readonly targets: ReadonlyArray<{ readonly expr: string }> }>
}

it("the dashboard uses only metrics that exist", async () => {
  const path = new URL("../examples/otlp-collector/grafana-dashboard.json", import.meta.url)
  const dashboard = JSON.parse(await readFile(path, "utf8")) as Dashboard
  const names = Object.values(metricNames).map((name) => name.replaceAll(".", "_"))
  const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
  const used = queries.flatMap((query) =>
    [...query.matchAll(/__name__=~?"([a-z_]+?)(?:\(_\w+\)\?)*(?:_bucket|_count)?"/g)].map(([, name]) => name)
  )
  expect(queries.length).toBeGreaterThan(0)
  expect(used).toHaveLength(queries.length)
  for (const name of used) expect(names).toContain(name)
})
