/** A small vendor for core's own tests, and a transport that answers from a script. */
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

/** The wire format of a vendor that exists nowhere else. */
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
      const business = errorFromStatus(body.code ?? 200, { code: String(body.code) })
      return business === undefined
        ? snapshot({
            status: statusOf(body.status),
            rawStatus: body.status,
            progress: percent(body.progress),
            outputs: body.url === undefined ? [] : [{ kind: "image", url: body.url }],
            failure: { message: body.why },
            pollAfterMs: body.pollAfter
          })
        : queryError(business)
    }
  }
})

/** An account of the vendor. */
export const account = (options: AccountOptions = {}) =>
  configureAccount(acme, { apiKey: "sk-acme-secret", ...options })

/** An answer of the script: a JSON body, a whole answer, or a fault of the transport. */
export type Scripted =
  | Readonly<Record<string, unknown>>
  | { readonly answer: Partial<TransportResponse> }
  | ErrorReason

/** What was asked, and when, in milliseconds since the clock began. */
export interface Asked {
  readonly path: string
  readonly at: number
}

/** Tasks of a scripted vendor: each task's answers are given in order, and the last one again and again. */
export const scripted = (
  scripts: Readonly<Record<string, ReadonlyArray<Scripted>>>,
  options: Partial<TasksOptions> = {}
) => {
  const asked: Array<Asked> = []
  const turns = new Map<string, number>()
  const transport = Layer.succeed(Transport, {
    send: (request) =>
      Effect.gen(function* () {
        const path = request.url.pathname.slice("/tasks/".length)
        asked.push({ path, at: yield* Clock.currentTimeMillis })
        const script = scripts[path] ?? [{ answer: { status: 404, text: "{}" } }]
        const turn = turns.get(path) ?? 0
        turns.set(path, turn + 1)
        const next = script[Math.min(turn, script.length - 1)] ?? {}
        if ("_tag" in next) return yield* Effect.fail(next as ErrorReason)
        if ("answer" in next)
          return { status: 200, headers: {}, text: "", ...(next.answer as Partial<TransportResponse>) }
        return { status: 200, headers: {}, text: JSON.stringify(next) }
      }),
    open: () => Effect.die("nothing is downloaded here")
  })
  const layer = Layer.provide(Tasks.layerNoTransport({ providers: [account()], ...options }), transport)
  return { layer, asked }
}

/** Asks every second. */
export const everySecond = { pollPolicy: PollPolicy.fixed(1000) }

/** Answers about a task that goes on, and about one that has ended well. */
export const working = { status: "working" }
export const succeeded = { status: "done", url: "https://cdn.acme.example/1.png" }

/** Uses tasks of a scripted vendor, and what was asked of it. */
export const withTasks = <A, E>(
  scripts: Readonly<Record<string, ReadonlyArray<Scripted>>>,
  use: (tasks: Tasks["Service"], asked: ReadonlyArray<Asked>) => Effect.Effect<A, E>,
  options: Partial<TasksOptions> = everySecond
) => {
  const { layer, asked } = scripted(scripts, options)
  return Tasks.use((tasks) => use(tasks, asked)).pipe(Effect.provide(layer))
}
