/** What is accepted as a webhook: headers, bodies, signatures and public keys. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import type { IncomingWebhook } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import { tasksOver } from "../support/acme.ts"
import { sign, signed, unsigned, webhookAccount } from "../support/webhooks.ts"

const secret = "whsec_1234567890"
const text = JSON.stringify({ id: "1", note: "ü" })

const headersAt = (seconds: number, signature = sign(text, secret, seconds)) => ({
  "X-Time": String(seconds),
  "X-Signature": signature
})

const noRequests = Layer.succeed(Transport, {
  send: () => Effect.die("unexpected request"),
  open: () => Effect.die("unexpected download")
})

const receive = (webhook: IncomingWebhook, operation = signed) =>
  Tasks.use((tasks) => tasks.receiveWebhook("acme", webhook)).pipe(
    Effect.provide(tasksOver(noRequests, { providers: [webhookAccount(operation)] }))
  )

const errorOf = (webhook: unknown, operation = signed) =>
  Effect.flip(receive(webhook as IncomingWebhook, operation))

describe("receiveWebhook", () => {
  it.effect.each<readonly [string, IncomingWebhook["headers"], IncomingWebhook["body"]]>([
    ["an object and text", headersAt(0), text],
    ["Headers and bytes", new Headers(headersAt(0)), new TextEncoder().encode(text)],
    [
      "headers of node:http and a Buffer",
      { ...headersAt(0), "x-none": undefined, a: ["1"] },
      Buffer.from(text)
    ],
    ["pairs", Object.entries(headersAt(0)), text]
  ])("verifies %s", ([, headers, body]) =>
    Effect.map(receive({ headers, body, secret }), (received) =>
      assert.deepStrictEqual(received, { refs: ["acme:1"], isVerified: true, response: undefined })
    )
  )

  it.effect.each<readonly [string, unknown]>([
    ["no signature", { headers: {}, body: text, secret }],
    ["another secret", { headers: headersAt(0), body: text, secret: "whsec_other" }],
    ["another body", { headers: headersAt(0), body: `${text} `, secret }],
    ["a forged signature", { headers: headersAt(0, "0".repeat(64)), body: text, secret }],
    ["a short signature", { headers: headersAt(0, ""), body: text, secret }],
    ["a signed time in the past", { headers: headersAt(-301), body: text, secret }],
    ["a signed time in the future", { headers: headersAt(301), body: text, secret }],
    [
      "two signatures",
      { headers: [...Object.entries(headersAt(0)), ["x-signature", "1"]], body: text, secret }
    ]
  ])("rejects %s", ([, webhook]) =>
    Effect.map(errorOf(webhook), (error) => {
      assert.deepInclude(error, { _tag: "InvalidWebhook", account: "acme" })
      assert.deepInclude(error, { reason: { _tag: "InvalidSignature" } })
      assert.notInclude(error.message, "whsec")
    })
  )

  it.effect.each<readonly [string, string | Uint8Array, string]>([
    ["text that is not JSON", "<html>", "it is not JSON"],
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff), "it is not UTF-8"],
    ["a field of another type", '{"id":1}', "at id"],
    ["a blank id", '{"id":" "}', "it has no task id"]
  ])("rejects %s", ([, body, message]) =>
    Effect.map(errorOf({ headers: {}, body }, unsigned), (error) => {
      assert.deepInclude(error, { _tag: "InvalidWebhook" })
      assert.include(error.message, message)
    })
  )

  it.effect.each<readonly [string, unknown, string]>([
    ["a missing secret", { headers: headersAt(0), body: text }, "secret"],
    ["a blank secret", { headers: headersAt(0), body: text, secret: "" }, "secret"],
    ["a parsed body", { headers: headersAt(0), body: { id: "1" }, secret }, "body"],
    ["missing headers", { body: text, secret }, "headers"],
    ["a missing webhook", undefined, "headers"]
  ])("reports %s", ([, webhook, option]) =>
    Effect.map(errorOf(webhook), (error) =>
      assert.deepInclude(error, { _tag: "ConfigurationError", reason: { _tag: "InvalidOption", option } })
    )
  )

  it.effect("reports a secret for a vendor that signs nothing", () =>
    Effect.map(errorOf({ headers: {}, body: text, secret }, unsigned), (error) =>
      assert.deepInclude(error, { reason: { _tag: "InvalidOption", option: "secret" } })
    )
  )

  it.effect("accepts a webhook without a signature if the caller permits it", () =>
    Effect.map(receive({ headers: {}, body: text, secret: false }), (received) =>
      assert.deepStrictEqual(received, { refs: ["acme:1"], isVerified: false, response: undefined })
    )
  )
})

describe("the public keys of a vendor", () => {
  const withKeys = {
    ...signed,
    keys: {
      request: () => ({ method: "GET" as const, path: "/keys" }),
      response: Schema.toStandardSchemaV1(Schema.Struct({ key: Schema.String })),
      decode: ({ key }: { readonly key: string }) => ({ _tag: "Exchanged" as const, value: key })
    }
  }

  const receiving = (
    statuses: ReadonlyArray<number>,
    use: (receive: Effect.Effect<string>, requests: () => number) => Effect.Effect<void>
  ) => {
    let requests = 0
    const transport = Layer.succeed(Transport, {
      send: () =>
        Effect.sync(() => {
          requests += 1
          const status = statuses[Math.min(requests, statuses.length) - 1] ?? 200
          return { status, headers: {}, text: JSON.stringify({ key: requests === 1 ? "old" : secret }) }
        }),
      open: () => Effect.die("unexpected download")
    })
    return Tasks.use((tasks) => {
      const receive = Effect.gen(function* () {
        const seconds = Math.floor((yield* Effect.clockWith((clock) => clock.currentTimeMillis)) / 1000)
        return yield* Effect.match(
          tasks.receiveWebhook("acme", { headers: headersAt(seconds), body: text }),
          { onFailure: (error) => error._tag as string, onSuccess: () => "accepted" }
        )
      })
      return use(receive, () => requests)
    }).pipe(Effect.provide(tasksOver(transport, { providers: [webhookAccount(withKeys)] })))
  }

  it.effect("are requested again at most once per minute if a signature does not match", () =>
    receiving([200], (receive, requests) =>
      Effect.gen(function* () {
        for (let count = 0; count < 20; count += 1) assert.strictEqual(yield* receive, "InvalidWebhook")
        assert.strictEqual(requests(), 1)
        yield* TestClock.adjust("1 minute")
        for (let count = 0; count < 20; count += 1) assert.strictEqual(yield* receive, "accepted")
        assert.strictEqual(requests(), 2)
      })
    )
  )

  it.effect("are requested at most once per minute while the vendor does not return them", () =>
    receiving([503, 200], (receive, requests) =>
      Effect.gen(function* () {
        for (let count = 0; count < 20; count += 1) assert.strictEqual(yield* receive, "ProviderError")
        assert.strictEqual(requests(), 1)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(yield* receive, "accepted")
      })
    )
  )
})
