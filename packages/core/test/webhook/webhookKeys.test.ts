/** Where the keys of webhooks are from: a JWKS on another host of the vendor, or a request with the API key. */
import { createPublicKey, generateKeyPairSync, sign as signBytes, verify as verifyBytes } from "node:crypto"
import type { JsonWebKey } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Tasks, Transport } from "@gentask/core/effect"
import { configureAccount } from "@gentask/core/provider"
import type { HttpRequest, ProviderSpec } from "@gentask/core/provider"
import { tasksOver } from "../support/acme.ts"
import { sign, signed, withWebhook } from "../support/webhooks.ts"

const text = JSON.stringify({ id: "1" })
const anyBody = Schema.toStandardSchemaV1(Schema.Record(Schema.String, Schema.Unknown))

/** Receives a webhook, and returns the result and the requests for keys. */
const receive = async (
  spec: ProviderSpec,
  headers: Record<string, string>,
  response: unknown,
  baseUrl?: string
) => {
  const requests: Array<HttpRequest> = []
  const transport = Layer.succeed(Transport, {
    send: (request) =>
      Effect.sync(() => {
        requests.push(request)
        return { status: 200, headers: {}, text: JSON.stringify(response) }
      }),
    open: () => Effect.die("unexpected download")
  })
  const providers = [configureAccount(spec, { apiKey: "sk-acme-secret", baseUrl })]
  const received = Tasks.use((tasks) =>
    Effect.match(tasks.receiveWebhook("acme", { headers, body: text }), {
      onSuccess: ({ refs, isVerified }) => ({ refs, isVerified }),
      onFailure: (error) => error._tag
    })
  ).pipe(Effect.provide(tasksOver(transport, { providers })))
  return { result: await Effect.runPromise(received), requests }
}

describe("a JWKS on another host of the vendor", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519")
  const jwks = { keys: [publicKey.export({ format: "jwk" })] }
  const signature = signBytes(null, Buffer.from(text), privateKey).toString("hex")

  const spec: ProviderSpec = {
    ...withWebhook({
      ...signed,
      keys: {
        request: () => ({ method: "GET", host: "rest.acme.example", path: "/.well-known/jwks.json" }),
        response: anyBody,
        decode: ({ keys }) => ({ _tag: "Exchanged", value: keys, expiresInMs: 24 * 60 * 60_000 })
      },
      verify: ({ headers, text: body }, { keys }) =>
        (keys as ReadonlyArray<JsonWebKey>).some((key) =>
          verifyBytes(
            null,
            Buffer.from(body),
            createPublicKey({ key, format: "jwk" }),
            Buffer.from(headers["x-signature"] ?? "", "hex")
          )
        )
    }),
    requires: ["hosts"],
    endpoints: { main: { baseUrl: "https://api.acme.example", hosts: ["rest.acme.example"] } }
  }

  it("verifies the signature, and is requested without the API key", async () => {
    const { result, requests } = await receive(spec, { "X-Signature": signature }, jwks)
    expect(result).toEqual({ refs: ["acme:1"], isVerified: true })
    expect(requests.map(({ url }) => url.href)).toEqual(["https://rest.acme.example/.well-known/jwks.json"])
    expect(JSON.stringify(requests)).not.toContain("sk-acme-secret")
  })

  it("rejects another signature", async () => {
    const other = signBytes(null, Buffer.from("{}"), privateKey).toString("hex")
    expect((await receive(spec, { "X-Signature": other }, jwks)).result).toBe("InvalidWebhook")
  })

  it("is not requested by an account with a base URL of its own", async () => {
    const headers = { "X-Signature": signature }
    const { result, requests } = await receive(spec, headers, jwks, "https://relay.example.com")
    expect(result).toBe("ConfigurationError")
    expect(requests).toEqual([])
  })
})

describe("a secret that the vendor returns for the API key", () => {
  const spec = withWebhook({
    ...signed,
    keys: {
      request: ({ apiKey }) => ({
        method: "GET",
        path: "/webhooks/default/secret",
        headers: { authorization: `Bearer ${apiKey}` }
      }),
      response: anyBody,
      decode: ({ key }) => ({ _tag: "Exchanged", value: key })
    }
  })

  it("verifies the signature", async () => {
    const seconds = Math.floor(Date.now() / 1000)
    const headers = { "X-Time": String(seconds), "X-Signature": sign(text, "whsec_1", seconds) }
    const { result, requests } = await receive(spec, headers, { key: "whsec_1" })
    expect(result).toEqual({ refs: ["acme:1"], isVerified: true })
    expect(requests.map(({ headers: { authorization } }) => authorization)).toEqual(["Bearer sk-acme-secret"])
  })
})
