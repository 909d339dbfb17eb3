import { describe, expect, it } from "vitest"
import type { ProviderSpec } from "@gentask/core"
import { configureAccount, followUp, queryError, snapshot } from "@gentask/core/provider"
import { decodeRecorded } from "../../src/exchange/SampleResponse.ts"
import type { SampleResponse } from "../../src/exchange/SampleResponse.ts"
import { account, acme } from "../support/acme.ts"

const at = Date.parse("2025-10-06T15:00:00Z")

/** The reason of an error response, or what the response was decoded to otherwise. */
const decode = (response: SampleResponse) => {
  const decoded = decodeRecorded(account(), "acme:1", { at, ...response })
  return decoded._tag === "Error" ? decoded.reason : decoded
}

describe("decodeResponse", () => {
  it.each([
    ["", "The response is empty"],
    ["  \n", "The response is empty"],
    ["<html><body>busy</body></html>", 'The response is a web page: "busy"'],
    ["oops", 'The response is not JSON: "oops"'],
    ['{"status":', 'The response is not JSON: "{"status":"'],
    ['"{"', 'The response is not JSON: ""{""']
  ])("rejects a body that is not JSON: %j", (body, message) => {
    expect(decode({ body })).toEqual({ _tag: "UnexpectedResponse", path: "", message, httpStatus: 200 })
  })

  it("recognizes a web page by its content type", () => {
    const headers = { "content-type": "text/html; charset=utf-8" }
    expect(decode({ headers, body: "busy" })).toMatchObject({ message: 'The response is a web page: "busy"' })
  })

  it.each([
    ["[]", ""],
    ["null", ""],
    ["5", ""],
    ['{"status":5}', "status"],
    ['{"status":"working","code":"x"}', "code"]
  ])("reports the path of the first invalid field: %s", (body, path) => {
    expect(decode({ body })).toMatchObject({ _tag: "UnexpectedResponse", path, httpStatus: 200 })
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
  ])("decodes HTTP %i as %s for any body", (status, tag) => {
    for (const body of [{ message: "no" }, "<html>", ""])
      expect(decode({ status, body })).toMatchObject({ _tag: tag, httpStatus: status })
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
  ])("reads the vendor's message and code from an error body: %j", (body, detail) => {
    expect(decode({ status: 400, body })).toEqual({ _tag: "InvalidRequest", httpStatus: 400, ...detail })
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
  ])("reads Retry-After from the headers %j", (headers, retryAfterMs) => {
    for (const status of [429, 503])
      expect(decode({ status, headers, body: "{}" })).toMatchObject({ retryAfterMs })
  })

  it("does not take a truncated error for the verdict if the provider reads errors", () => {
    const reads: ProviderSpec = { ...acme, query: { ...acme.query, decodeError: () => undefined } }
    const response = { status: 422, body: '{"detail":[{"msg":"flag', at }
    expect(
      decodeRecorded(configureAccount(reads, { apiKey: "sk-acme-secret" }), "acme:1", response)
    ).toMatchObject({
      reason: { _tag: "UnexpectedResponse", httpStatus: 422 }
    })
    expect(decodeRecorded(account(), "acme:1", response)).toMatchObject({
      reason: { _tag: "InvalidRequest" }
    })
    const page = { ...response, body: "<html>" }
    expect(
      decodeRecorded(configureAccount(reads, { apiKey: "sk-acme-secret" }), "acme:1", page)
    ).toMatchObject({
      reason: { _tag: "InvalidRequest" }
    })
  })

  it.each([
    ["[]", "UnexpectedResponse"],
    ["null", "UnexpectedResponse"],
    ["5", "UnexpectedResponse"],
    ["[null]", "UnexpectedResponse"],
    ['"busy"', "UnexpectedResponse"],
    ['[{"error":{"message":"invalid task_id"}}]', "UnexpectedResponse"],
    ['[{"error":{"message":"Invalid API key"}}]', "Unauthorized"],
    ["busy", "InvalidRequest"],
    ["<html>busy</html>", "InvalidRequest"],
    ["", "UnexpectedResponse"],
    ['"{\\"error\\":{\\"co', "UnexpectedResponse"],
    ["\u001f\ufffd\b\0", "UnexpectedResponse"],
    ["{}", "InvalidRequest"]
  ])("decodes HTTP 400 with %s as %s if the provider reads errors", (body, tag) => {
    const reads: ProviderSpec = { ...acme, query: { ...acme.query, decodeError: () => undefined } }
    const provider = configureAccount(reads, { apiKey: "sk-acme-secret" })
    expect(decodeRecorded(provider, "acme:1", { status: 400, body, at })).toMatchObject({
      reason: { _tag: tag, httpStatus: 400 }
    })
  })

  it("quotes the beginning of an error that is JSON of another type", () => {
    const reads: ProviderSpec = { ...acme, errors: {} }
    const body = JSON.stringify([null, "x".repeat(1000)])
    const decoded = decodeRecorded(configureAccount(reads, { apiKey: "sk-acme-secret" }), "acme:1", {
      status: 400,
      body,
      at
    })
    expect(decoded).toMatchObject({
      reason: { message: `The response is not a JSON object: ${body.slice(0, 200)}` }
    })
  })

  it("uses the longer of the delays in the headers and in the body", () => {
    const spec: ProviderSpec = {
      ...acme,
      query: { ...acme.query, decodeError: () => queryError({ _tag: "RateLimited", retryAfterMs: 17_000 }) }
    }
    const decodeWith = (headers: Record<string, string>) =>
      decodeRecorded(configureAccount(spec, { apiKey: "sk-acme-secret" }), "acme:1", {
        status: 429,
        headers,
        body: { status: "" }
      })
    expect(decodeWith({ "retry-after": "5" })).toMatchObject({ reason: { retryAfterMs: 17_000 } })
    expect(decodeWith({ "retry-after": "50" })).toMatchObject({ reason: { retryAfterMs: 50_000 } })
  })

  it.each([
    ["a byte order mark", `\uFEFF{"status":"working"}`],
    ["JSON as text", JSON.stringify('{"status":"working"}')]
  ])("reads %s", (_, body) => {
    expect(decode({ body })).toMatchObject({ snapshot: { status: "running" } })
  })

  it.each([200, 202, 204])("is empty with HTTP %i, if the provider's schema accepts undefined", (status) => {
    const spec: ProviderSpec = {
      ...acme,
      query: {
        ...acme.query,
        response: { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } },
        decode: (body) => snapshot({ status: "succeeded", rawStatus: String(body) })
      }
    }
    const decoded = decodeRecorded(configureAccount(spec, { apiKey: "k" }), "acme:1", { status, body: " " })
    expect(decoded).toMatchObject({
      snapshot: status === 200 ? { status: "succeeded", rawStatus: "undefined" } : { status: "running" }
    })
  })

  it.each([202, 204])("takes an empty response with HTTP %i for a task that is running", (status) => {
    expect(decode({ status, body: "" })).toMatchObject({
      _tag: "Snapshot",
      snapshot: { status: "running", rawStatus: null, warnings: [] }
    })
    expect(decode({ status, body: "busy" })).toMatchObject({ _tag: "UnexpectedResponse" })
  })

  it.each([
    [400, { code: "imagine:content-moderated", error: "Generated video rejected by content moderation." }],
    [422, { error: { code: "content_policy_violation", message: "Not allowed" } }],
    [403, { code: "x", error: "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_CSAM" }]
  ])("takes HTTP %i for a failed task if the body says that its content was rejected: %j", (status, body) => {
    const decoded = decode({ status, body })
    expect(decoded).toMatchObject({
      _tag: "Snapshot",
      snapshot: { status: "failed", failure: { reason: "moderation" } }
    })
  })

  it.each([
    [400, { message: "Invalid task id" }, "InvalidRequest"],
    [401, { message: "Content policy violation" }, "Unauthorized"],
    [403, { message: "Request blocked by network security policy" }, "Forbidden"],
    [403, { message: "Your account was suspended for violating our usage policies" }, "Forbidden"],
    [403, "<html>Blocked by content filter</html>", "Forbidden"],
    [429, { message: "Content policy violation" }, "RateLimited"],
    [503, { message: "Content policy violation" }, "Unavailable"]
  ])("does not take HTTP %i with %j for a failed task", (status, body, tag) => {
    expect(decode({ status, body })).toMatchObject({ _tag: tag })
  })

  it("names the host that a redirect leads to", () => {
    const headers = { location: "https://new.acme.example/tasks/1" }
    expect(decode({ status: 308, headers, body: "" })).toMatchObject({
      _tag: "UnexpectedResponse",
      message:
        "The host redirects to https://new.acme.example/tasks/1. Redirects are not followed: set the base URL to the new host"
    })
  })

  it("lists members that may contain media if a success has no output", () => {
    expect(decode({ body: { status: "done", file: "https://cdn.acme.example/1.png" } })).toMatchObject({
      snapshot: {
        warnings: [
          "The task succeeded, but the response contains no usable output.",
          "Members of the response that may contain media were not read: file."
        ]
      }
    })
    expect(
      decode({ body: { status: "done", url: "https://a.example/1", file: "https://a.example/2" } })
    ).toMatchObject({
      snapshot: { warnings: [] }
    })
  })

  it("redacts an API key that the vendor returns", () => {
    const reason = decode({
      status: 401,
      body: { message: "Incorrect API key provided: sk-acme-secret", code: "sk-acme-secret" }
    })
    expect(reason).toEqual({
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

describe("decodeResponse of a provider", () => {
  const decodeWith = (query: Partial<ProviderSpec["query"]>) =>
    decodeRecorded(
      configureAccount({ ...acme, query: { ...acme.query, ...query } }, { apiKey: "k" }),
      "acme:1",
      { body: { status: "working" } }
    )

  it.each([
    [
      "whose decode throws",
      {
        decode: () => {
          throw new TypeError("x is undefined")
        }
      },
      "The provider acme failed to decode the response: x is undefined"
    ],
    [
      "whose decode returns nothing",
      { decode: () => undefined as never },
      "The provider acme failed to decode the response: Cannot read properties of undefined (reading '_tag')"
    ],
    [
      "whose decode returns an unknown outcome",
      { decode: () => ({ _tag: "Maybe" }) as never },
      "The provider acme returned an unknown outcome"
    ],
    [
      "whose schema validates asynchronously",
      {
        response: {
          "~standard": { version: 1, vendor: "slow", validate: () => Promise.resolve({ value: {} }) }
        } as const
      },
      "the schema validates asynchronously, which the provider contract does not allow"
    ]
  ])("%s returns an unexpected response", (_, query, message) => {
    expect(decodeWith(query)).toEqual({
      _tag: "Error",
      reason: { _tag: "UnexpectedResponse", path: "", httpStatus: 200, message }
    })
  })

  it.each(["InvalidRequest", "Forbidden", "UnexpectedResponse"] as const)(
    "whose error %s says that the content was rejected returns a failed task",
    (tag) => {
      const error = {
        _tag: tag,
        path: "code",
        code: 422,
        message: "Content policy violation",
        requestId: "r1"
      }
      const decode = () => queryError(error as never)
      expect(decodeWith({ decode })).toMatchObject({
        snapshot: { status: "failed", failure: { reason: "moderation", code: "422", requestId: "r1" } }
      })
    }
  )

  it("returns a follow-up that the provider requests", () => {
    const operation = {
      request: { method: "GET", path: "/result" },
      response: acme.query.response,
      decode: () => snapshot({ status: "running" })
    } as const
    expect(decodeWith({ decode: () => followUp(operation) })).toEqual({
      _tag: "FollowUp",
      followUp: operation
    })
  })

  it("rejects a follow-up whose path leaves the vendor's API", () => {
    const operation = {
      request: { method: "GET", path: "/../admin" },
      response: acme.query.response,
      decode: () => snapshot({ status: "running" })
    } as const
    expect(decodeWith({ decode: () => followUp(operation) })).toEqual({
      _tag: "Error",
      reason: {
        _tag: "UnexpectedResponse",
        path: "",
        httpStatus: 200,
        message:
          "The provider acme failed to decode the response: acme:1: invalid task id for acme: it would change the path of the request."
      }
    })
  })
})
