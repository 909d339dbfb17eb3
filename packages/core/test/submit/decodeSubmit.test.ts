import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { accepted, rejected, retryable } from "../../src/provider/SubmitOutcome.ts"
import type { SubmitOperation } from "../../src/provider/SubmitOperation.ts"
import { decodeSubmit } from "../../src/submit/decodeSubmit.ts"

const text = Schema.optional(Schema.NullOr(Schema.String))
const Body = Schema.Struct({ code: Schema.optional(Schema.NullOr(Schema.Number)), id: text, message: text })
type Body = typeof Body.Type
const body = Schema.toStandardSchemaV1(Body)

const operation: SubmitOperation<unknown, Body> = {
  supportedInputs: () => ["prompt"],
  toInput: ({ prompt }) => ({ prompt }),
  request: ({ input }) => ({ method: "POST", path: "/tasks", body: input }),
  response: body,
  decode: ({ code, id }) => {
    if (code === 4) return rejected({ _tag: "InvalidRequest", code: "4" })
    if (code === 5) return rejected({ _tag: "TaskNotFound", code: "5" })
    if (code === 13) throw new Error("no such code")
    if (code === 2) return accepted([{ id: "" }, { id: id ?? "" }])
    return accepted({ id: id ?? "" })
  },
  decodeError: ({ code }) =>
    code === 14
      ? accepted([])
      : code === 9
        ? retryable({ _tag: "RateLimited", retryAfterMs: 2000 }, "after-task-end")
        : undefined
}

const decode = (status: number, text: string, headers: Readonly<Record<string, string>> = {}) =>
  decodeSubmit(
    operation as SubmitOperation<unknown, unknown>,
    { model: "m", input: {}, idempotencyKey: "k" },
    { status, headers, text, at: Date.parse("2026-01-01T00:00:00Z"), secrets: "sk-test-0123456789" }
  )

const summaryOf = (outcome: ReturnType<typeof decode>): string =>
  outcome._tag === "Accepted"
    ? `Accepted ${outcome.tasks.map(({ id }) => id).join()}`
    : `${outcome._tag} ${outcome.reason._tag}`

describe("decodeSubmit", () => {
  it.each<[string, number, string, string]>([
    ["a task id", 200, '{"id":"1"}', "Accepted 1"],
    ["a task id with an HTTP error", 400, '{"id":"1","message":"slow down"}', "Accepted 1"],
    ["a task id with a server error", 500, '{"id":"1"}', "Accepted 1"],
    ["a task id with 202", 202, '{"id":"1"}', "Accepted 1"],
    ["a 2xx without an id", 200, "{}", "UnknownOutcome UnexpectedResponse"],
    ["a 2xx with a blank id", 200, '{"id":"  "}', "UnknownOutcome UnexpectedResponse"],
    ["a 2xx that is HTML", 200, "<html>", "UnknownOutcome UnexpectedResponse"],
    ["an empty 2xx", 200, "", "UnknownOutcome UnexpectedResponse"],
    ["a 2xx of another shape", 200, "[]", "UnknownOutcome UnexpectedResponse"],
    ["a provider that throws", 200, '{"code":13}', "UnknownOutcome UnexpectedResponse"],
    ["several tasks, of which one has no id", 200, '{"code":2,"id":"1"}', "Accepted 1"],
    [
      "an error that the provider accepts without an id",
      400,
      '{"code":14}',
      "UnknownOutcome UnexpectedResponse"
    ],
    ["a provider that throws at an error", 400, '{"code":13}', "Rejected InvalidRequest"],
    ["a documented rejection", 200, '{"code":4}', "Rejected InvalidRequest"],
    ["a documented retry", 429, '{"code":9}', "Retryable RateLimited"],
    ["a 429 without documentation", 429, "{}", "Rejected RateLimited"],
    ["a rejected key", 401, "{}", "Rejected Unauthorized"],
    ["no credit", 402, "{}", "Rejected InsufficientCredits"],
    ["a missing path", 404, "<html>", "Rejected InvalidRequest"],
    ["an unknown model", 404, '{"message":"no such model"}', "Rejected InvalidRequest"],
    ["an unknown model that the provider reports as not found", 200, '{"code":5}', "Rejected InvalidRequest"],
    ["a timeout of the server", 408, "", "UnknownOutcome Unavailable"],
    ["a proxy that requires a password", 407, "", "UnknownOutcome InvalidRequest"],
    ["a conflict", 409, "{}", "UnknownOutcome Unavailable"],
    ["a gateway error", 502, "<html>", "UnknownOutcome Unavailable"],
    ["an error of the server", 500, '{"message":"oops"}', "UnknownOutcome Unavailable"],
    ["a permanent redirect", 308, "", "Rejected UnexpectedResponse"],
    ["a redirect after a post", 303, "", "UnknownOutcome UnexpectedResponse"]
  ])("decodes %s", (_, status, text, expected) => {
    expect(summaryOf(decode(status, text))).toBe(expected)
  })

  it("uses the longer of the waits in the body and in the headers", () => {
    expect(decode(429, '{"code":9}', { "retry-after": "7" })).toMatchObject({
      reason: { retryAfterMs: 7000, httpStatus: 429 },
      when: "after-task-end"
    })
  })

  it("quotes a response that is not JSON, without the API key", () => {
    const outcome = decode(502, "<p>bad gateway sk-test-0123456789</p>")
    expect(JSON.stringify(outcome)).toContain("bad gateway")
    expect(JSON.stringify(outcome)).not.toContain("sk-test-0123456789")
  })
})
