/** The documented responses to submits, and notifications. */
import { describe, expect, it } from "vitest"
import { jsonObject } from "@gentask/core/provider"
import { hostileBodies, outcomeOfSubmit } from "@gentask/testing"
import spec from "../src/index.ts"

const model = "jimeng_i2i_v30"
const success = { code: 10_000, message: "Success", request_id: "r", status: 10_000, time_elapsed: "1ms" }

describe("the response to a submit in the Jimeng official format", () => {
  it.each([
    [{ ...success, data: { task_id: "7392616336519610409" } }, 200],
    [{ ...success, data: { task_id: "7392616336519610409", status: "submitted" } }, 200],
    [{ id: "x", task_id: "7392616336519610409", status: "queued" }, 200],
    [{ code: 50_215, data: { task_id: "7392616336519610409" }, message: "no" }, 400]
  ])("is accepted with a task id: %j in HTTP %i", (body, status) => {
    expect(outcomeOfSubmit(spec, model, body, status)).toMatchObject({
      _tag: "Accepted",
      tasks: [{ id: "7392616336519610409", params: { req_key: model } }]
    })
  })

  it.each([
    [50_429, 429, "later"],
    [50_430, 429, "after-task-end"],
    [50_430, 200, "after-task-end"],
    [50_430, 400, "after-task-end"]
  ])("with the code %i in HTTP %i may be repeated %s", (code, status, when) => {
    expect(
      outcomeOfSubmit(spec, model, { code, data: null, message: "limit", request_id: "r" }, status)
    ).toEqual({
      _tag: "Retryable",
      when,
      reason: { _tag: "RateLimited", code: String(code), message: "limit", requestId: "r" }
    })
  })

  it.each([
    [50_400, 401, "Forbidden"],
    [50_200, 400, "InvalidRequest"],
    [50_204, 400, "InvalidRequest"],
    [50_215, 400, "InvalidRequest"],
    [50_218, 400, "InvalidRequest"],
    [50_411, 400, "InvalidRequest"],
    [50_412, 400, "InvalidRequest"],
    [50_413, 200, "InvalidRequest"],
    [50_511, 400, "InvalidRequest"],
    [50_513, 400, "InvalidRequest"],
    [50_514, 400, "InvalidRequest"],
    [50_518, 400, "InvalidRequest"],
    [50_520, 400, "InvalidRequest"]
  ])("with the code %i in HTTP %i is rejected as %s", (code, status, reason) => {
    expect(outcomeOfSubmit(spec, model, { code, data: null, message: "no" }, status)).toMatchObject({
      _tag: "Rejected",
      reason: { _tag: reason, code: String(code), message: "no" }
    })
  })

  it.each([
    [50_500, 500, "Unavailable"],
    [50_501, 500, "Unavailable"],
    [50_500, 200, "Unavailable"],
    [50_430, 500, "RateLimited"],
    [10_001, 200, "UnexpectedResponse"]
  ])("with the code %i in HTTP %i has an unknown outcome: %s", (code, status, reason) => {
    const body = { code, data: { status: "failed" }, message: "no" }
    expect(outcomeOfSubmit(spec, model, body, status)).toMatchObject({
      _tag: "UnknownOutcome",
      reason: { _tag: reason, message: "no" }
    })
  })

  it.each([
    ["SignatureDoesNotMatch", 401, "Rejected", "Unauthorized"],
    ["AccessDenied", 403, "Rejected", "Forbidden"],
    ["InvalidTimestamp", 400, "Rejected", "InvalidRequest"],
    ["Unheard", 403, "Rejected", "Forbidden"],
    ["50430", 429, "Retryable", "RateLimited"]
  ])("with the gateway's error %s in HTTP %i is %s: %s", (Code, status, tag, reason) => {
    const body = { ResponseMetadata: { RequestId: "r", Error: { Code, Message: "no" } } }
    expect(outcomeOfSubmit(spec, model, body, status)).toMatchObject({
      _tag: tag,
      reason: { _tag: reason, requestId: "r" }
    })
  })

  it("of a relay about an empty account is rejected", () => {
    const body = { code: "insufficient_user_quota", message: "用户额度不足", data: null }
    expect(outcomeOfSubmit(spec, model, body, 403)).toMatchObject({
      _tag: "Rejected",
      reason: { _tag: "InsufficientCredits" }
    })
    for (const status of [429, 500]) expect(outcomeOfSubmit(spec, model, body, status)).toBeUndefined()
    expect(outcomeOfSubmit(spec, model, { code: 50_200, message: "账户余额不足" }, 400)).toMatchObject({
      _tag: "Rejected",
      reason: { _tag: "InsufficientCredits", code: "50200" }
    })
  })

  it("with an unknown error is left to the status", () => {
    const gateway = { ResponseMetadata: { RequestId: "r", Error: { Code: "Unheard", Message: "no" } } }
    for (const [body, status] of [
      [{ code: 10_001, message: "no" }, 400],
      [{ code: "x", message: "no" }, 429],
      [gateway, 500]
    ] as const)
      expect(outcomeOfSubmit(spec, model, body, status)).toBeUndefined()
  })

  it("is never accepted and never repeated without a task id", () => {
    for (const body of hostileBodies) {
      expect([undefined, "UnknownOutcome"]).toContain(outcomeOfSubmit(spec, model, body)?._tag)
      for (const status of [400, 429, 500, 503])
        expect(outcomeOfSubmit(spec, model, body, status)).toBeUndefined()
    }
  })
})

describe("a notification of Volcengine", () => {
  it("has the task id at its top level", () => {
    const read = (body: unknown) => {
      const result = (spec.webhook?.response ?? jsonObject)["~standard"].validate(body)
      if (result instanceof Promise || result.issues !== undefined) return undefined
      return spec.webhook?.decode(result.value, { headers: {}, text: "", receivedAt: new Date(0) })
    }
    expect(read({ ...success, task_id: "7392616336519610409", data: { status: "done" } })).toEqual({
      _tag: "TaskUpdated",
      task: { id: "7392616336519610409" }
    })
    expect(read({ code: 50_215, task_id: "1", data: { resp_data: "" } })).toMatchObject({ task: { id: "1" } })
    for (const body of [{}, { task_id: 7 }, { data: { task_id: "1" } }])
      expect(read(body)).toEqual({ _tag: "Ignored" })
    expect(read("x")).toBeUndefined()
    expect(spec.webhook?.verify).toBeUndefined()
  })
})
