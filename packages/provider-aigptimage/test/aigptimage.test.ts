/** What the recordings do not cover: the tiers, all codes, and the reasons of failures. */
import { configureAccount } from "@gentask/core/provider"
import { decodeRecorded, requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { aigptimage } from "../src/index.ts"

/** Decodes a response to the snapshot, or to the reason of the error. */
const decode = (body: unknown, status = 200): unknown => {
  const decoded = decodeRecorded(aigptimage({ apiKey: "key" }), "aigptimage:task_xxx", { body, status })
  return "snapshot" in decoded ? decoded.snapshot : "reason" in decoded ? decoded.reason : decoded
}

describe("a request to AI GPT Image", () => {
  it("contains any id unchanged", () => {
    const { url } = requestOf(aigptimage({ apiKey: "key" }), "aigptimage:a b+/&=:é")
    expect([...url.searchParams]).toEqual([["taskId", "a b+/&=:é"]])
  })

  it("accepts no param except that of Veo, and no setting except the tier and the vendor", () => {
    for (const [ref, path] of [
      ["aigptimage:x?a=1", ""],
      ["aigptimage:x?api=jobs", "api"]
    ] as const)
      expect(() => requestOf(aigptimage({ apiKey: "key" }), ref)).toThrow(
        expect.objectContaining({ reason: { _tag: "InvalidParams", ref, path } })
      )
    const { url } = requestOf(aigptimage({ endpoint: "kie", apiKey: "key" }), "aigptimage@kie:x?api=veo")
    expect(url.href).toBe("https://api.kie.ai/api/v1/veo/record-info?taskId=x")
    expect(() => requestOf(configureAccount(spec, { apiKey: "key", tier: "gold" }), "aigptimage:x")).toThrow(
      "Invalid settings of aigptimage at tier"
    )
  })

  it.each([
    ["free", 2, 60],
    ["basic", 20, 1000],
    ["standard", 50, 3000],
    ["pro", 100, 6000],
    ["ultra", 200, 12_000],
    ["enterprise", 500, 30_000]
  ] as const)("is limited, in the tier %s, to %i per second and %i per minute", (tier, second, minute) => {
    expect(spec.rateLimits?.({ tier, vendor: "aigptimage" })).toEqual([
      { requests: second, windowMs: 1000 },
      { requests: minute, windowMs: 60_000 }
    ])
  })
})

describe("a response of AI GPT Image", () => {
  it.each([
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [402, "InsufficientCredits"],
    [404, "TaskNotFound"],
    [408, "Unavailable"],
    [422, "InvalidRequest"],
    [429, "RateLimited"],
    [455, "Unavailable"],
    [500, "Unavailable"],
    [505, "Forbidden"],
    [9000, "UnexpectedResponse"]
  ])("with the code %i inside HTTP 200 is %s", (code, tag) => {
    const expected = { _tag: tag, code: String(code), message: "no", httpStatus: 200 }
    expect(decode({ code, msg: "no", data: null })).toMatchObject(expected)
    expect(decode({ code: String(code), message: "no" })).toMatchObject(expected)
  })

  it.each([
    ["400", "Sorry, this violates the Content Policy.", "moderation"],
    ["500", "Rejected by the safety system", "moderation"],
    [null, "moderation_blocked", "moderation"],
    ["400", "The task was cancelled by its owner.", "canceled"],
    ["400", "The prompt is empty.", "unknown"],
    ["402", "no", "quota"],
    ["408", "no", "timeout"],
    [422, "no", "invalid-input"],
    [500, null, "upstream"],
    ["501", "no", "upstream"],
    ["constructor", "no", "unknown"]
  ])("with the failure %s %s has the reason %s", (failCode, failMsg, reason) => {
    expect(decode({ code: "200", data: { state: "fail", failCode, failMsg } })).toMatchObject({
      status: "failed",
      failure: { reason, code: failCode === null ? null : String(failCode), message: failMsg }
    })
  })

  it("is an error if its HTTP status is one", () => {
    expect(decode({ code: 200, msg: "success", data: { state: "success" } }, 503)).toMatchObject({
      _tag: "Unavailable"
    })
    expect(decode("error code: 1010", 403)).toMatchObject({ _tag: "Forbidden" })
  })

  it.each([
    ["not an object", [], ""],
    ["empty", {}, "data.state"],
    ["without a record", { code: 200, msg: "success", data: null }, "data.state"],
    ["a record with a number as its state", { code: 200, data: { state: 3 } }, "data.state"],
    ["a record that is text", { code: 200, data: "x" }, "data.state"]
  ])("is unexpected if it is %s", (_, body, path) => {
    expect(decode(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })
})
