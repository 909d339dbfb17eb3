/** A fictional vendor that submits, uploads and cancels, and a transport whose responses are scripted. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Transport } from "@gentask/core/effect"
import type { SendError } from "@gentask/core/effect"
import { accepted, configureAccount, defineProvider, unknownOutcome } from "@gentask/core/provider"
import type { Idempotency, ProviderSpec } from "@gentask/core/provider"
import { acme } from "./acme.ts"

const anyObject = Schema.toStandardSchemaV1(Schema.Record(Schema.String, Schema.Unknown))
const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

/** The vendor. `replay` documents an idempotency key. */
export const submitVendor = (kind?: Idempotency["kind"]): ProviderSpec =>
  defineProvider({
    ...acme,
    submit: {
      supportedInputs: () => ["prompt", "images"],
      toInput: (common) => common as Readonly<Record<string, unknown>>,
      request: ({ input }) => ({ method: "POST", path: "/submit", body: input }),
      response: anyObject,
      decode: ({ id }) =>
        id === undefined
          ? unknownOutcome({ _tag: "UnexpectedResponse", path: "id" })
          : accepted({ id: textOf(id) }),
      ...(kind === undefined
        ? {}
        : { idempotency: () => ({ kind, header: "x-key", docs: "https://acme.example/docs" }) })
    },
    upload: {
      request: (file) => ({ method: "POST", path: "/upload", file }),
      response: anyObject,
      decode: ({ url }) => ({ _tag: "Uploaded", reference: textOf(url) })
    },
    cancel: { request: ({ id }) => ({ method: "DELETE", path: `/tasks/${encodeURIComponent(id)}` }) }
  })

/** An account of the vendor. */
export const submitAccount = (kind?: Idempotency["kind"], baseUrl?: string) =>
  configureAccount(submitVendor(kind), {
    apiKey: "sk-acme-secret",
    ...(baseUrl === undefined ? {} : { baseUrl })
  })

/** A response: its status and its JSON, or an error. `hangs` never responds. */
export type SubmitResponse =
  | { readonly status?: number; readonly body: unknown }
  | { readonly error: SendError }
  | "hangs"

/** A transport that returns the responses of each path in order, and repeats the last one. */
export const submitTransport = (scripts: Readonly<Record<string, ReadonlyArray<SubmitResponse>>>) => {
  const requests: Array<string> = []
  const layer = Layer.succeed(Transport, {
    send: (request, _, options) =>
      Effect.gen(function* () {
        const { pathname } = request.url
        const script = scripts[pathname] ?? [{ status: 404, body: {} }]
        const count = requests.filter((each) => each === pathname).length
        requests.push(pathname)
        const response = script[Math.min(count, script.length - 1)] ?? "hangs"
        const isNotSent =
          typeof response === "object" && "error" in response && response.error.delivery === "not-sent"
        if (!isNotSent) options?.onSend?.()
        if (response === "hangs") return yield* Effect.never
        if ("error" in response) return yield* Effect.fail(response.error)
        return { status: response.status ?? 200, headers: {}, text: JSON.stringify(response.body) }
      }),
    open: () => Effect.die("unexpected download")
  })
  return { layer, requests }
}
