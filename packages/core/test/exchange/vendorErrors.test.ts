/** The errors that a provider describes once, in the responses to every operation. */
import { configureAccount, followUp, jsonObject, snapshot } from "@gentask/core/provider"
import type { ErrorFormat, JsonObject, ProviderSpec, SubmitOperation } from "@gentask/core/provider"
import { describe, expect, it } from "vitest"
import { decodeOperation } from "../../src/exchange/decodeOperation.ts"
import { resolveAccount } from "../../src/account/resolveAccount.ts"
import { decodeResponse, followUpDecoder, queryDecoder } from "../../src/exchange/decodeResponse.ts"
import { decodeRecorded, toReceivedResponse } from "../../src/exchange/SampleResponse.ts"
import { makeTaskQuery } from "../../src/exchange/TaskQuery.ts"
import * as TaskRef from "../../src/task/TaskRef.ts"
import { codeAt } from "../../src/provider/codeAt.ts"
import { firstStringAt } from "../../src/provider/firstStringAt.ts"
import { accepted } from "../../src/provider/SubmitOutcome.ts"
import { withoutTaskId } from "../../src/provider/withoutTaskId.ts"
import { cancelDecoder } from "../../src/submit/cancelTask.ts"
import { decodeSubmit } from "../../src/submit/decodeSubmit.ts"
import { acme } from "../support/acme.ts"

const errors: ErrorFormat = {
  read: (body) => {
    const code = codeAt(body, "code")
    const message = firstStringAt(body, "message")
    if (code === undefined) return undefined
    if (code === "throw") throw new Error("cannot read it")
    if (code === "credit") return { _tag: "InsufficientCredits", code, message }
    if (code === "wait") return { _tag: "RateLimited", code, retryAfterMs: 7000, submit: "retry-later" }
    return { code, message, requestId: firstStringAt(body, "request_id") }
  },
  codes: [
    { codes: [1], error: "Unauthorized" },
    { codes: [2, "400"], error: "RateLimited", submit: "retry-later" },
    { codes: [3], error: "RateLimited", submit: "retry-after-task-end" },
    { codes: [4], error: "RateLimited" },
    { codes: [5], error: "Unavailable" },
    { codes: [6], failure: { reason: "moderation", canResubmit: false } },
    { codes: [7], failure: { reason: "upstream" } },
    { codes: [8], failure: { reason: "quota" } },
    { codes: [9], failure: { reason: "moderation" }, submit: "unknown" },
    { codes: [10], error: "Unavailable", submit: "rejected" },
    { codes: [11], failure: { reason: "timeout" }, submit: "rejected" },
    { codes: [12], error: "TaskNotFound" },
    { codes: [/^Throttling\./], error: "RateLimited", submit: "retry-later" }
  ]
}

const spec: ProviderSpec = {
  ...acme,
  errors,
  query: {
    ...acme.query,
    response: jsonObject,
    decode: (body: JsonObject) =>
      body["next"] === true
        ? followUp({
            request: { method: "GET", path: "/files" },
            response: jsonObject,
            decode: () => snapshot({ status: "succeeded" })
          })
        : snapshot({ status: "failed", failure: { code: codeAt(body, "failure"), message: "It failed" } }),
    decodeError: (body: JsonObject) => (body["own"] === true ? snapshot({ status: "canceled" }) : undefined)
  }
}

const query = (status: number, body: object) => {
  const decoded = decodeRecorded(configureAccount(spec, { apiKey: "k" }), "acme:1", { status, body })
  return decoded._tag === "Error"
    ? decoded.reason
    : decoded._tag === "Snapshot"
      ? { status: decoded.snapshot.status, failure: decoded.snapshot.failure }
      : decoded
}

const followUpOf = (body: object) => {
  const taskQuery = makeTaskQuery(
    TaskRef.parse("acme:1"),
    resolveAccount(configureAccount(spec, { apiKey: "k" }))
  )
  const decoded = decodeResponse(taskQuery, queryDecoder(taskQuery), toReceivedResponse({ body }))
  if (decoded._tag !== "FollowUp") throw new Error("expected a follow-up")
  return { query: taskQuery, decoder: followUpDecoder(decoded.followUp) }
}

describe("the errors of a provider, in the response to a query", () => {
  it.each([200, 400, 500])("have the meaning of their code with HTTP %i", (status) => {
    expect(query(status, { code: 1, message: "no", request_id: "r" })).toEqual({
      _tag: "Unauthorized",
      code: "1",
      message: "no",
      requestId: "r",
      httpStatus: status
    })
    expect(query(status, { code: "Throttling.User" })).toMatchObject({ _tag: "RateLimited" })
    expect(query(status, { code: "credit" })).toMatchObject({ _tag: "InsufficientCredits", code: "credit" })
  })

  it.each([200, 400, 404])("end a task whose failure the code is, with HTTP %i", (status) => {
    expect(query(status, { code: 6, message: "no" })).toMatchObject({
      status: "failed",
      failure: { reason: "moderation", code: "6", message: "no", canResubmit: false }
    })
  })

  it("do not end a task with HTTP 5xx", () => {
    expect(query(503, { code: 6, message: "no" })).toMatchObject({ _tag: "Unavailable", code: "6" })
  })

  it("wait for the delay in the body", () => {
    expect(query(200, { code: "wait" })).toEqual({
      _tag: "RateLimited",
      code: "wait",
      httpStatus: 200,
      retryAfterMs: 7000
    })
  })

  it("have that of the HTTP status if the code is not documented", () => {
    expect(query(404, { code: 99, message: "no" })).toMatchObject({ _tag: "TaskNotFound", code: "99" })
    expect(query(503, { code: 99 })).toMatchObject({ _tag: "Unavailable", code: "99" })
    expect(query(200, { code: 99 })).toMatchObject({ _tag: "UnexpectedResponse", code: "99", path: "code" })
    expect(query(200, { code: 404 })).toMatchObject({ _tag: "TaskNotFound", code: "404" })
  })

  it("are read before the schema, and after the provider's own decodeError", () => {
    expect(query(200, { code: 1, failure: [] })).toMatchObject({ _tag: "Unauthorized" })
    expect(query(400, { code: 1, own: true })).toMatchObject({ status: "canceled" })
  })

  it("say why a task has failed whose snapshot has no reason", () => {
    expect(query(200, { failure: 6 })).toMatchObject({
      status: "failed",
      failure: { reason: "moderation", code: "6", message: "It failed", canResubmit: false }
    })
    expect(query(200, { failure: 1 })).toMatchObject({ failure: { reason: "unknown", code: "1" } })
  })

  it("do not end a task in the response to a follow-up", () => {
    const { query: taskQuery, decoder } = followUpOf({ next: true })
    const decode = (status: number, code: number) => {
      const response = toReceivedResponse({ status, body: { code, message: "no" } })
      const decoded = decodeResponse(taskQuery, decoder, response)
      return decoded._tag === "Error" ? decoded.reason : decoded
    }
    expect(decode(200, 6)).toMatchObject({ _tag: "UnexpectedResponse", code: "6" })
    expect(decode(404, 99)).toMatchObject({ _tag: "UnexpectedResponse", code: "99", httpStatus: 404 })
    expect(decode(404, 12)).toMatchObject({ _tag: "TaskNotFound", code: "12" })
    expect(decode(401, 1)).toMatchObject({ _tag: "Unauthorized" })
  })

  it("make the response unexpected if they cannot be read", () => {
    for (const status of [200, 400])
      expect(query(status, { code: "throw" })).toMatchObject({
        _tag: "UnexpectedResponse",
        message: "The provider acme failed to decode the response: cannot read it"
      })
  })
})

const submit: SubmitOperation = {
  supportedInputs: () => ["prompt"],
  toInput: ({ prompt }) => ({ prompt }),
  request: ({ input }) => ({ method: "POST", path: "/tasks", body: input }),
  response: jsonObject,
  decode: (body) => {
    const id = firstStringAt(body, "id")
    return id === undefined ? withoutTaskId(body, "id") : accepted({ id })
  }
}

const outcomeOf = (status: number, body: object): string => {
  const outcome = decodeSubmit(
    submit as SubmitOperation<unknown, unknown>,
    { model: "m", input: {}, idempotencyKey: "k" },
    { status, headers: {}, text: JSON.stringify(body), at: 0, secrets: "" },
    errors
  )
  if (outcome._tag === "Accepted") return "Accepted"
  return `${outcome._tag}${outcome._tag === "Retryable" ? ` ${outcome.when}` : ""}: ${outcome.reason._tag}`
}

describe("the errors of a provider, in the response to a submit", () => {
  it.each([
    [1, "Rejected: Unauthorized"],
    ["credit", "Rejected: InsufficientCredits"],
    [2, "Retryable later: RateLimited"],
    ["Throttling.User", "Retryable later: RateLimited"],
    ["wait", "Retryable later: RateLimited"],
    [3, "Retryable after-task-end: RateLimited"],
    [4, "Rejected: RateLimited"],
    [5, "UnknownOutcome: Unavailable"],
    [6, "Rejected: InvalidRequest"],
    [8, "Rejected: InsufficientCredits"],
    [10, "Rejected: Unavailable"],
    [11, "Rejected: InvalidRequest"],
    [12, "Rejected: InvalidRequest"]
  ])("have the meaning of the code %j", (code, expected) => {
    for (const status of [200, 400, 429]) expect(outcomeOf(status, { code })).toBe(expected)
  })

  it.each([7, 9, 99, 404, "throw"])(
    "make the outcome of the submit unknown with HTTP 200 and the code %j",
    (code) => {
      expect(outcomeOf(200, { code })).toMatch(/^UnknownOutcome: /)
    }
  )

  it("leave an undocumented code to the HTTP status", () => {
    expect(outcomeOf(400, { code: 99 })).toBe("Rejected: InvalidRequest")
    expect(outcomeOf(429, { code: 99 })).toBe("Rejected: RateLimited")
  })

  it.each([407, 408, 409, 425, 500, 503])("make the outcome of the submit unknown with HTTP %i", (status) => {
    for (const code of [1, 2, 3, 4, 6, 10, 11, 99, "credit", "wait", "throw"])
      expect(outcomeOf(status, { code })).toMatch(/^UnknownOutcome: /)
  })

  it("are ignored in a redirect", () => {
    expect(outcomeOf(303, { code: 1 })).toBe("UnknownOutcome: UnexpectedResponse")
  })

  it("do not count beside a task id", () => {
    for (const status of [200, 400, 500])
      for (const code of [1, 2, 5, 6, "throw"]) expect(outcomeOf(status, { code, id: "1" })).toBe("Accepted")
  })

  it("never say that a submit may be sent again if they cannot be read", () => {
    expect(outcomeOf(400, { code: "throw" })).toBe("UnknownOutcome: UnexpectedResponse")
  })
})

describe("the errors of a provider, in the response to a cancel", () => {
  const cancel = (status: number, body: object) => {
    const task = { id: "1", params: {} }
    const decoder = cancelDecoder({ request: () => ({ method: "DELETE", path: "/tasks/1" }) }, task)
    const response = { status, headers: {}, text: JSON.stringify(body), at: 0, secrets: "" }
    const decoded = decodeOperation(decoder, response, errors)
    return decoded._tag === "Error" ? decoded.reason : decoded.outcome
  }

  it.each([200, 400, 500])("are those of the request with HTTP %i", (status) => {
    expect(cancel(status, { code: 1 })).toMatchObject({ _tag: "Unauthorized", httpStatus: status })
    expect(cancel(status, { code: 12 })).toMatchObject({ _tag: "TaskNotFound" })
    expect(cancel(status, { code: "throw" })).toMatchObject({ _tag: "UnexpectedResponse" })
  })

  it("leave other responses to the HTTP status and to decode", () => {
    expect(cancel(404, { code: 99 })).toMatchObject({ _tag: "TaskNotFound", code: "99" })
    expect(cancel(200, {})).toEqual({ _tag: "CancelRequested" })
  })
})

describe("the errors of a provider, in the response to a request that is about no task", () => {
  it("mean no unknown task, unless the vendor documents it", () => {
    const operation = { response: jsonObject, decode: () => ({ _tag: "Balance" }) }
    const decode = (code: number) =>
      decodeOperation(
        operation,
        { status: 404, headers: {}, text: JSON.stringify({ code }), at: 0, secrets: "" },
        errors
      )
    expect(decode(99)).toMatchObject({ reason: { _tag: "InvalidRequest" } })
    expect(decode(12)).toMatchObject({ reason: { _tag: "TaskNotFound" } })
  })
})
