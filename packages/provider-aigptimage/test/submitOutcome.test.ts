/** The documented responses to submits, uploads and balances, and notifications. */
import { createHmac } from "node:crypto"
import { describe, expect, it } from "vitest"
import { hostileBodies, outcomeOfOperation, outcomeOfSubmit, sampleFile } from "@gentask/testing"
import spec from "../src/index.ts"

const image = "https://files.example.com/1.png"
const free = { tier: "free", vendor: "aigptimage" } as const
const atKie = { tier: "free", vendor: "kie" } as const

const model = "nano-banana-2"

describe("the response to a submit in the jobs format", () => {
  it.each([
    [{ code: 200, msg: "success", data: { taskId: "task_1" } }, 200],
    [{ code: 422, msg: "no", data: { taskId: "task_1" } }, 422],
    [{ code: 500, msg: "no", data: { taskId: "task_1" } }, 500]
  ])("is accepted with a task id: %j in HTTP %i", (body, status) => {
    expect(outcomeOfSubmit(spec, model, body, status)).toMatchObject({
      _tag: "Accepted",
      tasks: [{ id: "task_1" }]
    })
  })

  it.each([
    [400, "Rejected", "InvalidRequest"],
    [401, "Rejected", "Unauthorized"],
    [402, "Rejected", "InsufficientCredits"],
    [404, "Rejected", "InvalidRequest"],
    [422, "Rejected", "InvalidRequest"],
    [429, "Retryable", "RateLimited"],
    [433, "Rejected", "InsufficientCredits"],
    [455, "Rejected", "Unavailable"],
    [500, "UnknownOutcome", "Unavailable"],
    [501, "UnknownOutcome", "Unavailable"],
    [505, "Rejected", "Forbidden"]
  ])("with the code %i in HTTP 200 is %s: %s", (code, tag, reason) => {
    const expected = { _tag: tag, reason: { _tag: reason, code: String(code), message: "no" } }
    expect(outcomeOfSubmit(spec, model, { code, msg: "no", data: null })).toMatchObject(expected)
    expect(outcomeOfSubmit(spec, model, { code: String(code), message: "no" })).toMatchObject(expected)
    const status = code === 433 || code === 505 ? 400 : code
    expect(outcomeOfSubmit(spec, model, { code, msg: "no", data: null }, status)).toMatchObject(expected)
  })

  it.each([400, 403, 422])(
    "with the code %i about an empty account is rejected as InsufficientCredits",
    (code) => {
      for (const status of [200, code])
        expect(
          outcomeOfSubmit(spec, model, { code, msg: "Insufficient credits", data: null }, status)
        ).toMatchObject({ _tag: "Rejected", reason: { _tag: "InsufficientCredits", code: String(code) } })
    }
  )

  it("with a rate limit may be repeated after the documented wait", () => {
    const data = { retryAfter: 17, limit: 180, tier: "basic", windowSeconds: 60 }
    expect(outcomeOfSubmit(spec, model, { code: 429, msg: "rate limit exceeded", data }, 429)).toMatchObject({
      _tag: "Retryable",
      when: "later",
      reason: { _tag: "RateLimited", retryAfterMs: 17_000 }
    })
  })

  it("is never repeated in another HTTP error", () => {
    for (const status of [400, 403, 500, 502, 503])
      expect(outcomeOfSubmit(spec, model, { code: 429, msg: "no" }, status)).toBeUndefined()
  })

  it("is never accepted and never repeated without a task id", () => {
    for (const body of hostileBodies) {
      expect([undefined, "UnknownOutcome"]).toContain(outcomeOfSubmit(spec, model, body)?._tag)
      for (const status of [400, 403, 500, 502, 524])
        expect(outcomeOfSubmit(spec, model, body, status)).toBeUndefined()
    }
  })
})

describe("an upload to kie.ai", () => {
  const file = sampleFile("a.png", "image/png")
  const decode = (body: object) =>
    outcomeOfOperation(spec, { decode: (each, head) => spec.upload?.decode(each, head, file) }, body)

  it("is a multipart form to the host of uploads, and impossible at aigptimage.com", () => {
    expect(spec.upload?.request(file, atKie, model)).toEqual({
      method: "POST",
      host: "kieai.redpandaai.co",
      path: "/api/file-stream-upload",
      multipart: [
        { name: "uploadPath", value: "gentask" },
        { name: "file", file }
      ]
    })
    expect(spec.upload?.request(file, free, model)).toBeUndefined()
  })

  it("returns the download URL, or the reason of the error", () => {
    expect(
      decode({ success: true, code: 200, msg: "ok", data: { downloadUrl: image, fileName: "a.png" } })
    ).toEqual({ _tag: "Uploaded", reference: image })
    expect(decode({ code: 401, msg: "no" })).toMatchObject({ reason: { _tag: "Unauthorized" } })
    expect(decode({ success: true, code: 200, data: { fileUrl: image } })).toMatchObject({
      reason: { _tag: "UnexpectedResponse", path: "data.downloadUrl" }
    })
  })
})

describe("the balance at kie.ai", () => {
  const decode = (body: object) => outcomeOfOperation(spec, spec.balance!, body)

  it("is the number of credits, and unknown at aigptimage.com", () => {
    expect(spec.balance?.request(atKie)).toEqual({ method: "GET", path: "/api/v1/chat/credit" })
    expect(spec.balance?.request(free)).toBeUndefined()
    expect(decode({ code: 200, msg: "success", data: 100 })).toEqual({
      _tag: "Balance",
      available: { amount: 100, unit: "credits" },
      used: null
    })
    expect(decode({ code: 401, msg: "no" })).toMatchObject({ reason: { _tag: "Unauthorized" } })
    expect(decode({ code: 200, data: null })).toMatchObject({ reason: { path: "data" } })
  })
})

describe("a notification of kie.ai", () => {
  const secret = "secret"
  const at = 1_765_178_608
  const sign = (id: string, key = secret): string =>
    createHmac("sha256", key).update(`${id}.${at}`).digest("base64")
  const verify = (
    body: object | string,
    {
      signature = sign("t1"),
      seconds = at,
      key = secret
    }: { readonly signature?: string; readonly seconds?: number; readonly key?: string } = {}
  ) =>
    spec.webhook?.verify?.(
      {
        headers: { "x-webhook-timestamp": String(at), "x-webhook-signature": signature },
        text: typeof body === "string" ? body : JSON.stringify(body),
        receivedAt: new Date(seconds * 1000)
      },
      { secret: key }
    )

  it.each([{ data: { taskId: "t1" } }, { data: { task_id: "t1" } }, { taskId: "t1" }, { task_id: "t1" }])(
    "with the id in %j is verified",
    (body) => {
      expect(verify(body)).toBe(true)
      expect(verify(body, { seconds: at + 300 })).toBe(true)
      expect(spec.webhook?.decode({ code: 200, ...body }, {} as never)).toEqual({
        _tag: "TaskUpdated",
        task: { id: "t1" }
      })
    }
  )

  it("is rejected with another id, key, time or signature", () => {
    const body = { data: { taskId: "t1" } }
    for (const result of [
      verify({ data: { taskId: "t2" } }),
      verify({}),
      verify({}, { signature: sign("undefined") }),
      verify("x"),
      verify(body, { key: "other" }),
      verify(body, { key: "" }),
      verify(body, { key: "", signature: sign("t1", "") }),
      verify(body, { seconds: at + 301 }),
      verify(body, { seconds: at - 301 }),
      verify(body, { signature: "" }),
      verify(body, { signature: `${sign("t1")}=` })
    ])
      expect(result).toBe(false)
    expect(spec.webhook?.verify?.({ headers: {}, text: "{}", receivedAt: new Date(0) }, { secret })).toBe(
      false
    )
  })

  it("without an id is ignored", () => {
    expect(spec.webhook?.decode({ code: 200, data: null }, {} as never)).toEqual({ _tag: "Ignored" })
  })
})
