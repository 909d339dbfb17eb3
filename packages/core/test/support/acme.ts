/** A fictional vendor for core's tests, and a transport whose responses are scripted. */
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
  queryError,
  errorFromStatus,
  percent,
  snapshot,
  statusTable
} from "@gentask/core/provider"
import type { AccountOptions, ErrorReason, ProviderSpec } from "@gentask/core/provider"

const Body = Schema.Struct({
  status: Schema.String,
  code: Schema.optional(Schema.Number),
  progress: Schema.optional(Schema.Union([Schema.Number, Schema.String])),
  url: Schema.optional(Schema.String),
  message: Schema.optional(Schema.String),
  pollAfter: Schema.optional(Schema.Number)
})

const statusOf = statusTable({
  queued: ["waiting"],
  running: ["working"],
  succeeded: ["done"],
  failed: ["broken"],
  canceled: ["stopped"]
})

/** The wire format of the fictional vendor. */
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
      const error = errorFromStatus(body.code ?? 200, { code: String(body.code) })
      return error === undefined
        ? snapshot({
            status: statusOf(body.status),
            rawStatus: body.status,
            progress: percent(body.progress),
            outputs: body.url === undefined ? [] : [{ kind: "image", url: body.url }],
            failure: { message: body.message },
            pollAfterMs: body.pollAfter
          })
        : queryError(error)
    }
  }
})

/** An account of the vendor. */
export const account = (options: AccountOptions = {}) =>
  configureAccount(acme, { apiKey: "sk-acme-secret", ...options })

/** A scripted response: the JSON body of a successful one, a response with other fields, or a transport error. */
export type Scripted =
  | Readonly<Record<string, unknown>>
  | { readonly response: Partial<TransportResponse> }
  | ErrorReason

/** The scripted responses of each task by its id. */
export type Scripts = Readonly<Record<string, ReadonlyArray<Scripted>>>

/** A request that the transport received. */
export interface RecordedRequest {
  /** The task id in its path. */
  readonly path: string
  /** When it was sent, in milliseconds since the clock started. */
  readonly at: number
}

/** A transport that returns the responses of each task in order, and repeats the last one. Other tasks are unknown. */
export const scriptedTransport = (scripts: Scripts) => {
  const requests: Array<RecordedRequest> = []
  const counts = new Map<string, number>()
  const transport = Layer.succeed(Transport, {
    send: (request) =>
      Effect.gen(function* () {
        const path = request.url.pathname.slice("/tasks/".length)
        requests.push({ path, at: yield* Clock.currentTimeMillis })
        const script = scripts[path] ?? [{ response: { status: 404, text: "{}" } }]
        const count = counts.get(path) ?? 0
        counts.set(path, count + 1)
        const next = script[Math.min(count, script.length - 1)] ?? {}
        if ("_tag" in next) return yield* Effect.fail(next as ErrorReason)
        if ("response" in next)
          return { status: 200, headers: {}, text: "", ...(next.response as Partial<TransportResponse>) }
        return { status: 200, headers: {}, text: JSON.stringify(next) }
      }),
    open: () => Effect.die("unexpected download")
  })
  return { transport, requests }
}

/** A layer of `Tasks` over a transport. */
export const tasksOver = (transport: Layer.Layer<Transport>, options: Partial<TasksOptions> = {}) =>
  Layer.provide(Tasks.layerNoTransport({ providers: [account()], ...options }), transport)

/** A layer of `Tasks` over a scripted transport, and the requests that the transport received. */
export const scriptedTasks = (scripts: Scripts, options: Partial<TasksOptions> = {}) => {
  const { transport, requests } = scriptedTransport(scripts)
  return { layer: tasksOver(transport, options), requests }
}

/** Options for polling every second. */
export const everySecond = { pollPolicy: PollPolicy.fixed(1000) }

/** The body of a task that is running. */
export const working = { status: "working" }
/** The body of a task that has succeeded. */
export const succeeded = { status: "done", url: "https://cdn.acme.example/1.png" }

/** Runs an effect with `Tasks` over a scripted transport. */
export const withTasks = <A, E>(
  scripts: Scripts,
  use: (tasks: Tasks["Service"], requests: ReadonlyArray<RecordedRequest>) => Effect.Effect<A, E>,
  options: Partial<TasksOptions> = everySecond
) => {
  const { layer, requests } = scriptedTasks(scripts, options)
  return Tasks.use((tasks) => use(tasks, requests)).pipe(Effect.provide(layer))
}

/** When each request was sent, in milliseconds since the clock started. */
export const timesOf = (requests: ReadonlyArray<RecordedRequest>): Array<number> =>
  requests.map(({ at }) => at)
