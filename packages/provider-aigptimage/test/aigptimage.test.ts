/** What the recordings do not show: the tiers, each code and the reasons of failures. */
import { configureAccount } from "@gentask/core/provider"
import { decodeRecorded, requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { aigptimage } from "../src/index.ts"

const read = (body: unknown, status = 200): unknown => {
  const meaning = decodeRecorded(aigptimage({ apiKey: "key" }), "aigptimage:task_xxx", { body, status })
  return "snapshot" in meaning ? meaning.snapshot : "reason" in meaning ? meaning.reason : meaning
}

describe("a question to AI GPT Image", () => {
  it("sends any id whole", () => {
    const { url } = requestOf(aigptimage({ apiKey: "key" }), "aigptimage:a b+/&=:é")
    expect([...url.searchParams]).toEqual([["taskId", "a b+/&=:é"]])
  })

  it("takes no hints, and no setting but the tier", () => {
    expect(() => requestOf(aigptimage({ apiKey: "key" }), "aigptimage:x?a=1")).toThrow(
      "aigptimage takes no hints"
    )
    expect(() => requestOf(configureAccount(spec, { apiKey: "key", tier: "gold" }), "aigptimage:x")).toThrow(
      "The settings of aigptimage are wrong at tier"
    )
  })

  it.each([
    ["free", 2, 60],
    ["basic", 20, 1000],
    ["standard", 50, 3000],
    ["pro", 100, 6000],
    ["ultra", 200, 12_000],
    ["enterprise", 500, 30_000]
  ] as const)(
    "may be asked, on the tier %s, %i times a second and %i times a minute",
    (tier, second, minute) => {
      expect(spec.rateLimits?.({ tier })).toEqual([
        { requests: second, windowMs: 1000 },
        { requests: minute, windowMs: 60_000 }
      ])
    }
  )
})

describe("an answer of AI GPT Image", () => {
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
    expect(read({ code, msg: "no", data: null })).toMatchObject(expected)
    expect(read({ code: String(code), message: "no" })).toMatchObject(expected)
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
  ])("about a failure %s %s gives the reason %s", (failCode, failMsg, reason) => {
    expect(read({ code: "200", data: { state: "fail", failCode, failMsg } })).toMatchObject({
      status: "failed",
      failure: { reason, code: failCode === null ? null : String(failCode), message: failMsg }
    })
  })

  it("is no success where HTTP says that the question failed", () => {
    expect(read({ code: 200, msg: "success", data: { state: "success" } }, 503)).toMatchObject({
      _tag: "Unavailable"
    })
    expect(read("error code: 1010", 403)).toMatchObject({ _tag: "Forbidden" })
  })

  it.each([
    ["no object", [], ""],
    ["nothing", {}, "data.state"],
    ["no record", { code: 200, msg: "success", data: null }, "data.state"],
    ["a number for a state", { code: 200, data: { state: 3 } }, "data.state"],
    ["a text for a record", { code: 200, data: "x" }, "data"]
  ])("is not understood with %s", (_, body, path) => {
    expect(read(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })
})
