/** Spans and metrics of submits, uploads and cancels. */
import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"
import { expect, it } from "@effect/vitest"
import { memoryLedger } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { tasksOver, working } from "../support/acme.ts"
import { submitAccount, submitTransport } from "../support/submitVendor.ts"

const prompt = "A confidential fox"
const key = "confidential-key"
const image = new Blob(["confidential"], { type: "image/png" })
const scripts = {
  "/upload": [{ body: { url: "https://files.acme.example/1.png" } }],
  "/submit": [
    { body: { id: "1" } },
    { status: 402, body: {} },
    { status: 502, body: {} },
    { body: { id: "2" } }
  ],
  "/tasks/1": [{ body: working }],
  "/tasks/2": [{ status: 500, body: {} }]
}

const program = Effect.gen(function* () {
  const tasks = yield* Tasks
  const request = { account: "acme", model: "acme-1", prompt }
  yield* tasks.submit({ ...request, idempotencyKey: key, images: [image] })
  yield* tasks.submit({ ...request, idempotencyKey: key, images: [image] })
  yield* Effect.flip(tasks.submit(request))
  yield* Effect.flip(tasks.submit(request))
  yield* Effect.flip(tasks.submit({ ...request, duration: 5 }))
  yield* tasks.cancel("acme:1")
  yield* Effect.flip(tasks.cancel("acme:2"))
  return yield* Metric.snapshot
})

const layer = () =>
  tasksOver(submitTransport(scripts).layer, { providers: [submitAccount()], ledger: memoryLedger() })

const recordSpans = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}

it("records a span of each submit, upload and cancel, without prompts and keys", async () => {
  const { spans, tracer } = recordSpans()
  await program.pipe(
    Effect.provide(Layer.provide(layer(), Layer.succeed(Tracer.Tracer, tracer))),
    Effect.withTracer(tracer),
    Effect.runPromise
  )
  const recorded = spans
    .filter(({ name }) => name !== "gentask.query")
    .map(({ name, kind, attributes }) => [name, kind, Object.fromEntries(attributes)])
  const common = {
    "gentask.provider": "acme",
    "gentask.account": "acme",
    "gen_ai.provider.name": "acme",
    "server.address": "api.acme.example",
    "server.port": 443
  }
  const upload = { ...common, "gen_ai.request.model": "acme-1" }
  // The provider lists no models, so that the kind of media is not known.
  const submit = { ...upload, "gen_ai.operation.name": "generate_media" }
  const task = (id: string) => ({ "gentask.ref": `acme:${id}`, "gen_ai.response.id": id })
  const failed = (type: string) => ({ "gentask.outcome": type, "error.type": type })
  expect(recorded).toEqual([
    ["gentask.submit", "client", { ...submit, ...task("1"), "gentask.outcome": "accepted" }],
    ["gentask.upload", "client", { ...upload, "gentask.outcome": "success" }],
    ["gentask.submit", "client", { ...submit, ...task("1"), "gentask.outcome": "replayed" }],
    ["gentask.submit", "client", { ...submit, ...failed("rejected") }],
    ["gentask.submit", "client", { ...submit, ...failed("unknown") }],
    ["gentask.submit", "client", { ...submit, ...failed("ConfigurationError") }],
    ["gentask.cancel", "client", { ...common, ...task("1"), "gentask.outcome": "requested" }],
    ["gentask.cancel", "client", { ...common, ...task("2"), ...failed("Unavailable") }]
  ])
  const attributes = spans.map((span) => [...span.attributes])
  expect(inspect(attributes, { depth: 12 })).not.toMatch(/confidential|sk-acme-secret/)
})

it("counts the operations by outcome", async () => {
  const metrics = await program.pipe(
    Effect.provide(layer()),
    Effect.provideService(Metric.MetricRegistry, new Map()),
    Effect.runPromise
  )
  const counts = metrics
    .filter(
      ({ id, attributes }) => id === "gentask.exchanges" && attributes?.["gentask.operation"] !== "query"
    )
    .map(({ attributes, state }) => [
      attributes?.["gentask.operation"],
      attributes?.["gentask.provider"],
      attributes?.["gentask.account"],
      attributes?.["gentask.outcome"],
      (state as { count: number }).count
    ])
  expect(counts).toHaveLength(8)
  expect(counts).toEqual(
    expect.arrayContaining([
      ["cancel", "acme", "acme", "Unavailable", 1],
      ["cancel", "acme", "acme", "requested", 1],
      ["submit", "acme", "acme", "ConfigurationError", 1],
      ["submit", "acme", "acme", "accepted", 1],
      ["submit", "acme", "acme", "rejected", 1],
      ["submit", "acme", "acme", "replayed", 1],
      ["submit", "acme", "acme", "unknown", 1],
      ["upload", "acme", "acme", "success", 1]
    ])
  )
})
