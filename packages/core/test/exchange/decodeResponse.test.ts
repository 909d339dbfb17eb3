import { describe, expect, it } from "vitest"
import type { ProviderSpec } from "@gentask/core"
import { queryError, followUp, snapshot } from "@gentask/core/provider"
import { decodeRecorded, requestOf } from "../../src/exchange/SampleResponse.ts"
import type { SampleResponse } from "../../src/exchange/SampleResponse.ts"
import { configureAccount } from "@gentask/core/provider"
import { account, acme } from "../support/acme.ts"

const at = Date.parse("2025-10-06T15:00:00Z")
const read = (answer: SampleResponse) => {
  const reading = decodeRecorded(account(), "acme:1", { at, ...answer })
  return reading._tag === "Error" ? reading.reason : reading
}

describe("an answer", () => {
  it.each([
    [200, "", "The answer was nothing where JSON was due"],
    [200, "  \n", "The answer was nothing where JSON was due"],
    [200, "<html><body>busy</body></html>", "The answer was a web page where JSON was due"],
    [200, "oops", "The answer was no JSON where JSON was due"],
    [200, '{"status":', "The answer was no JSON where JSON was due"]
  ])("with status %i and the body %j is not understood", (status, body, message) => {
    expect(read({ status, body })).toEqual({ _tag: "UnexpectedResponse", path: "", message, httpStatus: 200 })
  })

  it.each([
    ["[]", ""],
    ["null", ""],
    ["5", ""],
    ['{"status":5}', "status"],
    ['{"status":"working","code":"x"}', "code"]
  ])("of the wrong shape says where: %s", (body, path) => {
    expect(read({ body })).toMatchObject({ _tag: "UnexpectedResponse", path, httpStatus: 200 })
  })

  it.each([
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [402, "InsufficientCredits"],
    [403, "Forbidden"],
    [404, "TaskNotFound"],
    [408, "Unavailable"],
    [409, "Unavailable"],
    [410, "TaskNotFound"],
    [422, "InvalidRequest"],
    [425, "Unavailable"],
    [429, "RateLimited"],
    [455, "Unavailable"],
    [500, "Unavailable"],
    [503, "Unavailable"],
    [599, "Unavailable"],
    [301, "UnexpectedResponse"]
  ])("with status %i is %s, with JSON, a page or nothing", (status, tag) => {
    for (const body of [{ message: "no" }, "<html>", ""])
      expect(read({ status, body })).toMatchObject({ _tag: tag, httpStatus: status })
  })

  it.each([
    [
      { message: "a", code: 7 },
      { message: "a", code: "7" }
    ],
    [{ msg: "b" }, { message: "b" }],
    [{ error: { message: "c", code: "x", type: "t" } }, { message: "c", code: "x" }],
    [{ error: "d" }, { message: "d" }],
    [{ detail: "e" }, { message: "e" }],
    [[], {}]
  ])("that is an error keeps the vendor's words: %j", (body, words) => {
    expect(read({ status: 400, body })).toEqual({ _tag: "InvalidRequest", httpStatus: 400, ...words })
  })

  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
    [{ "retry-after": "Mon, 06 Oct 2025 15:00:30 GMT" }, 30_000],
    [{ "retry-after": "Mon, 06 Oct 2025 14:00:00 GMT" }, 0],
    [{ "retry-after": "99999999999" }, 86_400_000],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{}, undefined]
  ])("reads how long to wait from %j", (headers, retryAfter) => {
    for (const status of [429, 503])
      expect(read({ status, headers, body: "{}" })).toMatchObject({ retryAfterMs: retryAfter })
  })

  it("keeps the longer of two waits", () => {
    const spec: ProviderSpec = {
      ...acme,
      query: { ...acme.query, decodeError: () => queryError({ _tag: "RateLimited", retryAfterMs: 17_000 }) }
    }
    const wait = (headers: Record<string, string>) =>
      decodeRecorded(configureAccount(spec, { apiKey: "sk-acme-secret" }), "acme:1", {
        status: 429,
        headers,
        body: { status: "" }
      })
    expect(wait({ "retry-after": "5" })).toMatchObject({ reason: { retryAfterMs: 17_000 } })
    expect(wait({ "retry-after": "50" })).toMatchObject({ reason: { retryAfterMs: 50_000 } })
  })

  it("takes the key out of whatever the vendor echoes", () => {
    const reading = read({
      status: 401,
      body: { message: "Incorrect API key provided: sk-acme-secret", code: "sk-acme-secret" }
    })
    expect(reading).toEqual({
      _tag: "Unauthorized",
      httpStatus: 401,
      message: "Incorrect API key provided: <secret>",
      code: "<secret>"
    })
    expect(
      JSON.stringify(decodeRecorded(account(), "acme:1", { body: { status: "sk-acme-secret" } }))
    ).not.toContain("sk-acme-secret")
  })
})

describe("a provider that breaks the contract", () => {
  const broken = (query: Partial<ProviderSpec["query"]>) =>
    decodeRecorded(
      configureAccount({ ...acme, query: { ...acme.query, ...query } }, { apiKey: "k" }),
      "acme:1",
      {
        body: { status: "working" }
      }
    )

  it.each([
    [
      "throws",
      {
        decode: () => {
          throw new TypeError("x is undefined")
        }
      },
      "The provider acme failed to read the answer: x is undefined"
    ],
    ["answers nothing", { decode: () => undefined as never }, /^The provider acme failed to read the answer/],
    [
      "answers something else",
      { decode: () => ({ _tag: "Maybe" }) as never },
      "The provider acme gave an outcome that the contract does not know"
    ],
    [
      "validates later",
      {
        response: {
          "~standard": { version: 1, vendor: "slow", validate: () => Promise.resolve({ value: {} }) }
        } as const
      },
      "the schema validates asynchronously, which the contract does not allow"
    ]
  ])("and %s is an answer that nobody understands", (_, query, message) => {
    expect(broken(query)).toEqual({
      _tag: "Error",
      reason: {
        _tag: "UnexpectedResponse",
        path: "",
        httpStatus: 200,
        message: typeof message === "string" ? message : expect.stringMatching(message)
      }
    })
  })

  it("may ask for one more request", () => {
    const exchange = {
      request: { method: "GET", path: "/result" },
      response: acme.query.response,
      decode: () => snapshot({ status: "running" })
    } as const
    expect(broken({ decode: () => followUp(exchange) })).toEqual({ _tag: "FollowUp", followUp: exchange })
  })
})

describe("a request", () => {
  it("is put below the base URL, with its query, its headers, its body and the key", () => {
    const spec: ProviderSpec = {
      ...acme,
      query: {
        ...acme.query,
        request: ({ id }) => ({
          method: "POST",
          path: "/ask",
          query: { id },
          headers: { accept: "application/json" },
          body: { id }
        })
      }
    }
    const options = { apiKey: "k", baseUrl: "https://relay.example/acme/", userAgent: "gentask/1" }
    expect(requestOf(configureAccount(spec, options), "acme:a b&c")).toEqual({
      method: "POST",
      url: new URL("https://relay.example/acme/ask?id=a+b%26c"),
      headers: { accept: "application/json", "user-agent": "gentask/1", authorization: "Bearer k" },
      body: '{"id":"a b&c"}'
    })
  })

  it("is signed over what is sent, where the provider signs", () => {
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

  it.each(["..", ".", "\u{D800}"])("is refused for an id that would change its path: %j", (id) => {
    expect(() => requestOf(account(), `acme:${id}`)).toThrow(/^acme:.*: acme cannot ask about this task id: /)
  })
})
