import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { ConfigurationError } from "@gentask/core"
import type { ProviderSpec } from "@gentask/core"
import { configureAccount } from "@gentask/core/provider"
import { requestOf } from "../../src/exchange/SampleResponse.ts"
import { account, acme } from "../support/acme.ts"

describe("the request of a query", () => {
  it("has the base URL, the provider's path, query, headers and body, and the API key", () => {
    const spec: ProviderSpec = {
      ...acme,
      query: {
        ...acme.query,
        request: ({ id }) => ({
          method: "POST",
          path: "/query",
          query: { id },
          headers: { accept: "application/json" },
          body: { id }
        })
      }
    }
    const options = { apiKey: "k", baseUrl: "https://relay.example/acme/", userAgent: "gentask/1" }
    expect(requestOf(configureAccount(spec, options), "acme:a b&c")).toEqual({
      method: "POST",
      url: new URL("https://relay.example/acme/query?id=a+b%26c"),
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "user-agent": "gentask/1",
        authorization: "Bearer k"
      },
      body: '{"id":"a b&c"}'
    })
  })

  it("is signed as it is sent if the provider signs requests", () => {
    const spec: ProviderSpec = {
      ...acme,
      authorize: (request, { apiKey, endpoint, now }) => ({
        "x-sign": `${apiKey} ${endpoint} ${now.toISOString()} ${request.method} ${request.url.pathname}`
      })
    }
    expect(requestOf(configureAccount(spec, { apiKey: "ak|sk" }), "acme:1", new Date(0)).headers).toEqual({
      "x-sign": "ak|sk main 1970-01-01T00:00:00.000Z GET /tasks/1"
    })
  })

  it.each([
    ["..", "acme:..: invalid task id for acme: it would change the path of the request."],
    [".", "acme:.: invalid task id for acme: it would change the path of the request."],
    ["\u{D800}", "acme:%uD800: invalid task id for acme: URI malformed."]
  ])("cannot be built for the task id %j", (id, message) => {
    const build = () => requestOf(account(), `acme:${id}`)
    expect(build).toThrow(ConfigurationError)
    expect(build).toThrow(expect.objectContaining({ message }))
  })

  it("cannot be built with params that the provider does not accept", () => {
    expect(() => requestOf(account(), "acme:1?kind=video&size=big")).toThrow(
      expect.objectContaining({
        _tag: "ConfigurationError",
        message: "acme:1?kind=video&size=big: acme does not accept params. Remove kind, size."
      })
    )
  })

  it("cannot be built without a required param, which the message shows with an example", () => {
    const params = Schema.toStandardSchemaV1(Schema.Struct({ app: Schema.String }))
    const spec = { ...acme, params, examples: ["acme:7", "acme:7?app=flux"] } as unknown as ProviderSpec
    expect(() => requestOf(configureAccount(spec, { apiKey: "sk" }), "acme:1")).toThrow(
      expect.objectContaining({
        message: "acme:1: the param app is missing. Write the ref as in acme:7?app=flux."
      })
    )
  })

  it("cannot be signed by a provider that rejects the API key, and the message has no key", () => {
    const spec: ProviderSpec = {
      ...acme,
      authorize: (_, { apiKey }) => {
        throw new Error(`expected two parts in ${apiKey}`)
      }
    }
    expect(() => requestOf(configureAccount(spec, { apiKey: "ak-sk-secret" }), "acme:1")).toThrow(
      expect.objectContaining({ _tag: "ConfigurationError", message: "expected two parts in <secret>" })
    )
  })
})
