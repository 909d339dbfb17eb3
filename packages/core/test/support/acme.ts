/** A small provider for core's own tests, and a transport with scripted responses. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { PollPolicy } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import type { TasksOptions, TransportResponse } from "@gentask/core/effect"
import {
  configureAccount,
  defineProvider,
  errorFromStatus,
  percent,
  queryError,
  snapshot,
  statusTable
} from "@gentask/core/provider"
import type { AccountOptions, ErrorReason, ProviderSpec } from "@gentask/core/provider"

const Body = Schema.Struct({
  status: Schema.String,
  code: Schema.optional(Schema.Number),
  progress: Schema.optional(Schema.Union([Schema.Number, Schema.String])),
  url: Schema.optional(Schema.String),
  why: Schema.optional(Schema.String),
  pollAfter: Schema.optional(Schema.Number)
})

const statusOf = statusTable({
  queued: ["waiting"],
  running: ["working"],
  succeeded: ["done"],
  failed: ["broken"],
  canceled: ["stopped"]
})

/** The provider of a fictional vendor. */
export const acme: ProviderSpec = defineProvider({
  specVersion: 1,
  id: "acme",
  title: "Acme",
  docs: "https://acme.example/docs",
  endpoints: { main: { baseUrl: "https://api.acme.example" } },
  query: {
    request: ({ id }) => ({ method: "GET", path: `/tasks/${encodeURIComponent(id)}` }),
    response: Schema.toStandardSchemaV1(Body),
    decode: (body) => {
      const reason = errorFromStatus(body.code ?? 200, { code: String(body.code) })
      return reason === undefined
        ? snapshot({
            status: statusOf(body.status),
            rawStatus: body.status,
            progress: percent(body.progress),
            outputs: body.url === undefined ? [] : [{ kind: "image", url: body.url }],
            failure: { message: body.why },
            pollAfterMs: body.pollAfter
          })
        : queryError(reason)
    }
  }
})

/** Configures an account of the provider. */
export const account = (options: AccountOptions = {}) =>
  configureAccount(acme, { apiKey: "sk-acme-secret", ...options })

/** A scripted response: a JSON body of an HTTP 200, a complete response, or an error of the transport. */
export type Scripted =
  | Readonly<Record<string, unknown>>
  | { readonly answer: Partial<TransportResponse> }
  | ErrorReason

/** A request that was sent: the task id in its path, and when, in milliseconds of the test clock. */
export interface Asked {
  readonly path: string
  readonly at: number
}

/** A `Tasks` layer with scripted responses. Each task's responses are returned in order, and its last one repeatedly. */
export const scripted = (
  scripts: Readonly<Record<string, ReadonlyArray<Scripted>>>,
  options: Partial<TasksOptions> = {}
) => {
  const asked: Array<Asked> = []
  const sent = new Map<string, number>()
  const transport = Layer.succeed(Transport, {
    send: (request) =>
      Effect.gen(function* () {
        const path = request.url.pathname.slice("/tasks/".length)
        asked.push({ path, at: yield* Clock.currentTimeMillis })
        const script = scripts[path] ?? [{ answer: { status: 404, text: "{}" } }]
        const index = sent.get(path) ?? 0
        sent.set(path, index + 1)
        const next = script[Math.min(index, script.length - 1)] ?? {}
        if ("_tag" in next) return yield* Effect.fail(next as ErrorReason)
        if ("answer" in next)
          return { status: 200, headers: {}, text: "", ...(next.answer as Partial<TransportResponse>) }
        return { status: 200, headers: {}, text: JSON.stringify(next) }
      }),
    open: () => Effect.die("these tests download nothing")
  })
  const layer = Layer.provide(Tasks.layerNoTransport({ providers: [account()], ...options }), transport)
  return { layer, asked }
}

/** Polls every second. */
export const everySecond = { pollPolicy: PollPolicy.fixed(1000) }

/** Responses for a running task and for one that has succeeded. */
export const working = { status: "working" }
export const succeeded = { status: "done", url: "https://cdn.acme.example/1.png" }

/** Runs a test with scripted responses and the requests that were sent. */
export const withTasks = <A, E>(
  scripts: Readonly<Record<string, ReadonlyArray<Scripted>>>,
  use: (tasks: Tasks["Service"], asked: ReadonlyArray<Asked>) => Effect.Effect<A, E>,
  options: Partial<TasksOptions> = everySecond
) => {
  const { layer, asked } = scripted(scripts, options)
  return Tasks.use((tasks) => use(tasks, asked)).pipe(Effect.provide(layer))
}
