/** The documented responses to submits, uploads and balances. */
import { describe, expect, it } from "vitest"
import { hostileBodies, outcomeOfOperation, outcomeOfSubmit, sampleFile } from "@gentask/testing"
import spec from "../src/index.ts"

const image = "https://files.example.com/1.png"

const task = { task_id: "t1", status: "queued", model: "gpt-image-2", created_at: 1_777_460_000 }
const draft = { rawStatus: "queued", model: "gpt-image-2", createdAt: 1_777_460_000 }

describe("the response of Jimmy AI to a submit", () => {
  it.each([
    [{ code: "20000", msg: "ok", data: task }, 200],
    [{ code: 20_000, msg: "ok", data: { ...task, task_id: undefined, id: "t1" } }, 200],
    [task, 200],
    [{ code: "20002", msg: "no", data: task }, 400],
    [{ code: "-1", msg: "no", data: task }, 500]
  ])("is accepted with a task id: %j in HTTP %i", (body, status) => {
    expect(outcomeOfSubmit(spec, "gpt-image-2", body, status)).toMatchObject({
      _tag: "Accepted",
      tasks: [{ id: "t1", params: { kind: "image" } }],
      draft: { ...draft, createdAt: expect.anything() as unknown }
    })
    expect(outcomeOfSubmit(spec, "kling-o3", body, status)).toMatchObject({
      tasks: [{ id: "t1", params: { kind: "video" } }]
    })
  })

  it.each([
    ["20001", "Rejected", "Unauthorized"],
    [20_002, "Rejected", "InvalidRequest"],
    [-1, "UnknownOutcome", "Unavailable"],
    [50_000, "UnknownOutcome", "UnexpectedResponse"]
  ])("with the code %j in HTTP 200 is %s: %s", (code, tag, reason) => {
    expect(outcomeOfSubmit(spec, "gpt-image-2", { code, msg: "no", data: null })).toEqual({
      _tag: tag,
      reason: expect.objectContaining({ _tag: reason, code: String(code), message: "no" }) as unknown
    })
  })

  it.each([
    ["不支持的模型参数", "InvalidRequest"],
    ["配置不存在", "InvalidRequest"],
    [
      "model minimax-h3 请改用 POST /api/open-api/v1/minimax/videos，勿使用 /seedance/videos",
      "InvalidRequest"
    ],
    ["余额不足", "InsufficientCredits"],
    ["insufficient balance", "InsufficientCredits"]
  ])("with the message %s is a rejection", (msg, reason) => {
    for (const [code, status] of [
      [1, 200],
      [1, 403],
      [20_002, 200],
      [20_002, 400]
    ] as const)
      expect(outcomeOfSubmit(spec, "gpt-image-2", { code, msg }, status)).toMatchObject({
        _tag: "Rejected",
        reason: { _tag: reason, code: String(code), message: msg }
      })
  })

  it.each([408, 409, 425, 500, 503])("in HTTP %i is not a rejection because of its message", (status) => {
    for (const msg of ["余额不足", "配置不存在"])
      expect(outcomeOfSubmit(spec, "gpt-image-2", { code: 1, msg }, status)).toBeUndefined()
    expect(outcomeOfSubmit(spec, "gpt-image-2", { code: -1, msg: "余额不足" }, status)?._tag).toBe(
      "UnknownOutcome"
    )
  })

  it.each([400, 401, 402, 429, 500, 502, 503, 504])(
    "in HTTP %i without a documented code is left to the status",
    (status) => {
      for (const body of hostileBodies)
        expect(outcomeOfSubmit(spec, "gpt-image-2", body, status)).toBeUndefined()
    }
  )

  it("is never accepted and never repeated without a task id", () => {
    for (const body of hostileBodies)
      expect([undefined, "UnknownOutcome"]).toContain(outcomeOfSubmit(spec, "gpt-image-2", body)?._tag)
  })

  it("with the code of a server error is unknown with any status", () => {
    for (const status of [400, 429, 500])
      expect(outcomeOfSubmit(spec, "gpt-image-2", { code: -1, msg: "no" }, status)?._tag).toBe(
        "UnknownOutcome"
      )
  })
})

describe("an upload to Jimmy AI", () => {
  const file = sampleFile("a.png", "image/png")
  const decode = (body: object) =>
    outcomeOfOperation(spec, { decode: (each, head) => spec.upload?.decode(each, head, file) }, body)

  it("is a multipart form with the field file", () => {
    expect(spec.upload?.request(file, { kind: "image" }, "gpt-image-2")).toEqual({
      method: "POST",
      path: "/api/open-api/v1/files/upload",
      multipart: [{ name: "file", file }]
    })
    expect(spec.upload?.maxBytes).toBe(104_857_600)
    expect(spec.upload?.mediaTypes).toEqual(expect.arrayContaining(["image/png", "video/mp4", "audio/mpeg"]))
  })

  it("returns the URL, or the reason of the error", () => {
    expect(decode({ code: 20_000, msg: "ok", data: { url: image, filename: "a.png" } })).toEqual({
      _tag: "Uploaded",
      reference: image
    })
    expect(decode({ code: 20_001, msg: "no" })).toMatchObject({ reason: { _tag: "Unauthorized" } })
    expect(decode({ code: 413, msg: "no" })).toMatchObject({ reason: { _tag: "InvalidRequest" } })
    expect(decode({ code: 20_002, msg: "余额不足" })).toMatchObject({
      reason: { _tag: "InsufficientCredits" }
    })
    expect(decode({ code: 20_000, data: { url: 7 } })).toMatchObject({
      reason: { _tag: "UnexpectedResponse", path: "data.url" }
    })
  })
})

describe("the balance at Jimmy AI", () => {
  const decode = (body: object) => outcomeOfOperation(spec, spec.balance!, body)

  it("is the credit of the user", () => {
    expect(spec.balance?.request({ kind: "image" })).toEqual({
      method: "GET",
      path: "/api/open-api/v1/user/balance"
    })
    expect(decode({ code: 20_000, data: { balance: 100, used_coin: 40, available: 60 } })).toEqual({
      _tag: "Balance",
      available: { amount: 60, unit: "JimiCoin" },
      used: { amount: 40, unit: "JimiCoin" }
    })
    expect(decode({ code: 20_000, data: { available: "60" } })).toMatchObject({ _tag: "Error" })
    expect(decode({ code: 20_001, msg: "no" })).toMatchObject({ reason: { _tag: "Unauthorized" } })
  })
})
