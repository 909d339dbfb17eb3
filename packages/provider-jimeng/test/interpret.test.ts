import { readFileSync } from "node:fs"
import { interpretAnswer } from "@gentask/core/testing"
import { describe, expect, it } from "vitest"
import { jimeng } from "../src/index.ts"

const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/query.${name}.json`, import.meta.url), "utf8")

const id = "67fb9e82-126e-4c71-bb16-a3bb3789e3b7"

/** The snapshot or the fault that an answer means. */
const read = (body: unknown, status = 200): unknown => {
  const account = jimeng({ endpoint: "octopusx", apiKey: "key" })
  const meaning = interpretAnswer(account, `jimeng:${id}`, { body, status })
  return "snapshot" in meaning ? meaning.snapshot : "fault" in meaning ? meaning.fault : meaning
}

const task = {
  ref: `jimeng:${id}`,
  provider: "jimeng",
  account: "jimeng",
  id,
  progress: null,
  model: null,
  prompt: null,
  createdAt: null,
  updatedAt: null,
  completedAt: null,
  outputs: [],
  failure: null,
  warnings: []
}
const output = {
  kind: "image",
  role: "result",
  url: null,
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null
}
const link = (url: string, kind = "image") => ({ ...output, kind, url })
const inline = (base64: string, bytes: number) => ({ ...output, inline: { base64, bytes } })

const requestId = "20240720103939AF0029465CF6A74E51EC"
const succeeded = { ...task, status: "succeeded", rawStatus: "done" }
const failed = { ...task, status: "failed", rawStatus: null }
const failure = { reason: "unknown", code: null, message: null, requestId, resubmit: null }
const gateway = {
  ...task,
  progress: 1,
  createdAt: new Date("2026-01-01T00:00:00Z"),
  completedAt: new Date("2026-01-01T00:01:00Z")
}
const succeededAtGateway = {
  ...gateway,
  status: "succeeded",
  rawStatus: "SUCCESS",
  outputs: [
    { ...link("https://files.example.com/1.mp4", "video"), expiresAt: new Date("2026-01-01T01:01:00Z") }
  ]
}

describe("an answer in the Jimeng official format", () => {
  it.each([
    ["generating", { ...task, status: "running", rawStatus: "generating" }],
    [
      "success",
      {
        ...succeeded,
        rawStatus: "success",
        outputs: [
          link("https://example.com/generated-image-1.png"),
          link("https://example.com/generated-image-2.png")
        ]
      }
    ],
    [
      "failed",
      {
        ...failed,
        rawStatus: "failed",
        failure: { ...failure, code: "10001", message: "Task failed", requestId: id }
      }
    ],
    ["in-queue.volcengine", { ...task, status: "queued", rawStatus: "in_queue" }],
    ["done.volcengine", { ...succeeded, outputs: [link("https://p3-aiop-sign.byteimg.com/1.jpeg")] }],
    ["done.video", { ...succeeded, outputs: [link("https://files.example.com/1.mp4", "video")] }],
    [
      "done.base64",
      { ...succeeded, outputs: [inline("/9j/4AAQSkZJRg==", 10), inline("/9j/4AAQSkZJRgA=", 11)] }
    ],
    [
      "done.risk",
      {
        ...failed,
        rawStatus: "done",
        failure: {
          ...failure,
          reason: "moderation",
          code: "50511",
          message: "Post Img Risk Not Pass",
          resubmit: true
        }
      }
    ],
    [
      "expired.volcengine",
      {
        ...task,
        status: "expired",
        rawStatus: "expired",
        failure: { ...failure, reason: "timeout", resubmit: true }
      }
    ],
    ["success.new-api", succeededAtGateway],
    ["success.new-api-legacy", succeededAtGateway],
    [
      "failure.new-api",
      {
        ...succeededAtGateway,
        status: "failed",
        rawStatus: "FAILURE",
        progress: null,
        outputs: [],
        failure: { ...failure, message: "upstream returned error", requestId: null }
      }
    ]
  ])("reads %s", (name, expected) => {
    expect(read(fixture(name))).toEqual(expected)
  })

  it("reads a refused task in HTTP 400 as the failure of the task", () => {
    const expected = {
      ...failed,
      failure: {
        ...failure,
        reason: "moderation",
        code: "50413",
        message: "Post Text Risk Not Pass",
        resubmit: false
      }
    }
    expect(read(fixture("risk.volcengine"), 400)).toEqual(expected)
    expect(read(fixture("risk.volcengine"), 200)).toEqual(expected)
  })

  it.each([
    [
      "limit.volcengine",
      429,
      {
        _tag: "RateLimited",
        code: "50430",
        message: "Request Has Reached API Concurrent Limit, Please Try Later"
      }
    ],
    ["internal.volcengine", 500, { _tag: "Unavailable", code: "50500", message: "Internal Error" }],
    ["not-found.volcengine", 200, { _tag: "TaskNotFound" }],
    [
      "signature.gateway",
      401,
      {
        _tag: "Unauthorized",
        code: "SignatureDoesNotMatch",
        message: "The request signature we calculated does not match the signature you provided."
      }
    ]
  ])("reads %s with HTTP %i", (name, status, fault) => {
    expect(read(fixture(name), status)).toEqual({ ...fault, requestId, httpStatus: status })
  })

  it("reads an unknown task of the new-api gateway, which is an HTTP 400", () => {
    const fault = { _tag: "TaskNotFound", code: "task_not_exist", message: "task_not_exist" }
    expect(read(fixture("task-not-exist.new-api"), 400)).toEqual({ ...fault, httpStatus: 400 })
  })

  it.each([
    ["queued", "submitted in_queue NOT_START SUBMITTED QUEUED"],
    ["running", "generating processing IN_PROGRESS"],
    ["succeeded", "success done SUCCESS"],
    ["failed", "failed FAILURE"],
    ["canceled", "cancelled canceled"],
    ["expired", "expired"],
    ["unknown", "UNKNOWN dreaming"]
  ])("takes for %s: %s", (status, words) => {
    for (const word of words.split(" ")) {
      expect(read({ code: 10_000, status: 10_000, data: { status: word } })).toMatchObject({
        status,
        rawStatus: word
      })
    }
  })

  it.each([
    ["50411", "moderation", false],
    ["50412", "moderation", false],
    ["50413", "moderation", false],
    ["50511", "moderation", true],
    ["50512", "moderation", false],
    ["50516", "moderation", true],
    ["50517", "moderation", true],
    ["50518", "moderation", false],
    ["50519", "moderation", true],
    ["50520", "upstream", false],
    ["50521", "upstream", false],
    ["50522", "upstream", false]
  ])("reads the code %s as a failure: %s, submit again: %s", (code, reason, resubmit) => {
    const body = {
      code: Number(code),
      data: null,
      message: "no",
      request_id: requestId,
      status: Number(code)
    }
    expect(read(body, 400)).toEqual({
      ...failed,
      failure: { reason, code, message: "no", requestId, resubmit }
    })
  })

  it.each([
    [50_429, "RateLimited"],
    [50_430, "RateLimited"],
    [50_500, "Unavailable"],
    [50_501, "Unavailable"],
    [401, "Unauthorized"],
    [50_999, "UnexpectedResponse"]
  ])("reads the code %i as no word about the task: %s", (code, tag) => {
    expect(read({ code, data: null, message: "no" })).toMatchObject({
      _tag: tag,
      code: String(code),
      message: "no",
      httpStatus: 200
    })
  })

  it.each([
    ["MissingParameter", 400, "InvalidRequest"],
    ["MissingAuthenticationToken", 401, "Unauthorized"],
    ["InvalidTimestamp", 400, "InvalidRequest"],
    ["ServiceNotFound", 404, "InvalidRequest"],
    ["InvalidActionOrVersion", 404, "InvalidRequest"],
    ["InvalidAccessKey", 401, "Unauthorized"],
    ["AccessDenied", 403, "Forbidden"],
    ["AccessDenied", 200, "Forbidden"],
    ["SomethingNew", 503, "Unavailable"],
    ["SomethingNew", 200, "UnexpectedResponse"]
  ])("reads the gateway's %s with HTTP %i as %s", (code, status, tag) => {
    const body = { ResponseMetadata: { RequestId: requestId, Error: { Code: code, Message: "no" } } }
    expect(read(body, status)).toMatchObject({ _tag: tag, code, message: "no", requestId })
  })

  it("judges by the code before the task's word for its status", () => {
    expect(read({ code: 50_500, message: "no", data: { status: "done" } })).toMatchObject({
      status: "failed"
    })
    expect(read({ code: 10_001, message: "no", data: { status: "failed" } }, 400)).toMatchObject({
      status: "failed"
    })
    expect(read({ code: 50_430, message: "no", data: { status: "done" } })).toMatchObject({
      _tag: "RateLimited"
    })
    for (const word of ["success", "generating", "dreaming"]) {
      expect(read({ code: 10_001, message: "no", data: { status: word } })).toMatchObject({
        _tag: "UnexpectedResponse",
        path: "code",
        code: "10001"
      })
    }
  })

  it("tells a success without any media from one with", () => {
    expect(
      read({ code: 10_000, data: { status: "done", image_urls: null, binary_data_base64: [] } })
    ).toMatchObject({
      status: "succeeded",
      outputs: [],
      warnings: ["The task succeeded, and the vendor's answer holds no usable output."]
    })
  })

  it("believes no success in an HTTP error", () => {
    expect(read(fixture("success"), 502)).toMatchObject({ _tag: "Unavailable" })
    expect(read({ error: { message: "Invalid token" } }, 401)).toMatchObject({
      _tag: "Unauthorized",
      message: "Invalid token"
    })
  })

  it.each([
    ["no object", [], ""],
    ["nothing", {}, "code"],
    ["no task", { code: 10_000, data: null, message: "Success" }, "data.status"],
    ["a task without a code", { data: { status: "done" } }, "code"],
    ["a number for a status", { code: 10_000, data: { status: 3 } }, "data.status"],
    ["a text for the links", { code: 10_000, data: { status: "done", image_urls: "x" } }, "data.image_urls"]
  ])("does not understand %s", (_, body, path) => {
    expect(read(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })
})
