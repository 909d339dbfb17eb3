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
    "server.address": "api.acme.example"
  }
  const submit = { ...common, "gentask.model": "acme-1" }
  expect(recorded).toEqual([
    ["gentask.submit", "client", { ...submit, "gentask.outcome": "accepted", "gentask.task": "1" }],
    ["gentask.upload", "client", { ...submit, "gentask.outcome": "success" }],
    ["gentask.submit", "client", { ...submit, "gentask.outcome": "replayed", "gentask.task": "1" }],
    ["gentask.submit", "client", { ...submit, "gentask.outcome": "rejected" }],
    ["gentask.submit", "client", { ...submit, "gentask.outcome": "unknown" }],
    ["gentask.submit", "client", { ...submit, "gentask.outcome": "ConfigurationError" }],
    ["gentask.cancel", "client", { ...common, "gentask.outcome": "requested", "gentask.task": "1" }],
    ["gentask.cancel", "client", { ...common, "gentask.outcome": "Unavailable", "gentask.task": "2" }]
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
    .filter(({ id }) => /^gentask_(submits|uploads|cancels)$/.test(id))
    .map(({ id, attributes, state }) => [
      id,
      attributes?.["provider"],
      attributes?.["account"],
      attributes?.["outcome"],
      (state as { count: number }).count
    ])
  expect(counts).toHaveLength(8)
  expect(counts).toEqual(
    expect.arrayContaining([
      ["gentask_cancels", "acme", "acme", "Unavailable", 1],
      ["gentask_cancels", "acme", "acme", "requested", 1],
      ["gentask_submits", "acme", "acme", "ConfigurationError", 1],
      ["gentask_submits", "acme", "acme", "accepted", 1],
      ["gentask_submits", "acme", "acme", "rejected", 1],
      ["gentask_submits", "acme", "acme", "replayed", 1],
      ["gentask_submits", "acme", "acme", "unknown", 1],
      ["gentask_uploads", "acme", "acme", "success", 1]
    ])
  )
})
