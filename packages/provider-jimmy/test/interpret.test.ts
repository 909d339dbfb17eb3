import { readFileSync } from "node:fs"
import { interpretAnswer } from "@gentask/core/testing"
import { describe, expect, it } from "vitest"
import { jimmy } from "../src/index.ts"

const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/query.${name}.json`, import.meta.url), "utf8")

/** The snapshot or the fault that an answer means. */
const read = (body: unknown, status = 200): unknown => {
  const meaning = interpretAnswer(jimmy({ apiKey: "key" }), "jimmy:1234", { body, status })
  return "snapshot" in meaning ? meaning.snapshot : "fault" in meaning ? meaning.fault : meaning
}

const task = {
  ref: "jimmy:1234",
  provider: "jimmy",
  account: "jimmy",
  id: "1234",
  progress: 0,
  model: "gpt-image-2",
  prompt: null,
  createdAt: new Date("2026-01-01T00:00:00Z"),
  updatedAt: null,
  completedAt: null,
  outputs: [],
  failure: null,
  warnings: []
}

const output = {
  kind: "image",
  role: "result",
  url: "https://files.example.com/1234.png",
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: new Date("2026-01-04T00:01:00Z")
}
const video = { ...output, kind: "video", url: "https://files.example.com/1234.mp4" }

const completed = {
  ...task,
  status: "succeeded",
  rawStatus: "completed",
  progress: 1,
  completedAt: new Date("2026-01-01T00:01:00Z"),
  outputs: [output]
}

describe("an answer of Jimmy AI", () => {
  it.each([
    ["queued", { ...task, status: "queued", rawStatus: "queued" }],
    ["processing", { ...task, status: "running", rawStatus: "processing", progress: 0.45 }],
    ["completed", completed],
    ["completed-video", { ...completed, model: "sora2-12s", outputs: [video] }],
    ["completed.number-code", completed],
    ["completed.bare", { ...completed, model: "sora2-12s", outputs: [video] }],
    ["success.faq", { ...completed, rawStatus: "success" }],
    [
      "failed",
      {
        ...task,
        status: "failed",
        rawStatus: "failed",
        progress: null,
        failure: {
          reason: "unknown",
          code: null,
          message: "The prompt was refused.",
          requestId: null,
          resubmit: null
        }
      }
    ]
  ])("reads %s", (name, expected) => {
    expect(read(fixture(name))).toEqual(expected)
  })

  it.each([
    ["queued", "queued"],
    ["pending", "queued"],
    ["submitted", "queued"],
    ["processing", "running"],
    ["completed", "succeeded"],
    ["success", "succeeded"],
    ["failed", "failed"],
    ["reviewing", "unknown"]
  ])("takes the status %s for %s", (word, status) => {
    expect(read({ code: "20000", data: { status: word } })).toMatchObject({ status, rawStatus: word })
  })

  it.each(["error_message", "error_msg", "reason"])("finds the message of a failure in %s", (name) => {
    expect(read({ code: "20000", data: { status: "failed", [name]: "Too busy." } })).toMatchObject({
      failure: { message: "Too busy." }
    })
  })

  it("keeps the vendor's words of a code whose meaning nobody knows, and asks again", () => {
    const fault = { _tag: "UnexpectedResponse", path: "code", code: "40100", message: "no", httpStatus: 200 }
    expect(read({ code: "40100", msg: "no", data: null })).toEqual(fault)
    expect(read({ code: 40_100, msg: "no" })).toEqual(fault)
  })

  it("reads a code that copies an HTTP status as that status", () => {
    expect(read({ code: 401, msg: "no" })).toEqual({
      _tag: "Unauthorized",
      code: "401",
      message: "no",
      httpStatus: 200
    })
    expect(read({ code: "404", msg: "no" })).toMatchObject({ _tag: "TaskNotFound" })
  })

  it("takes a code other than 20000 for no verdict, whatever stands beside it", () => {
    expect(read({ code: "50000", data: { status: "failed" } })).toMatchObject({ _tag: "UnexpectedResponse" })
  })

  it.each([
    ["no object", [], ""],
    ["nothing", {}, "data.status"],
    ["an envelope without a task", { code: "20000", data: null }, "data.status"],
    ["a number for a status", { code: "20000", data: { status: 3 } }, "data.status"],
    ["a text for a result", { code: "20000", data: { status: "completed", result: "x" } }, "data.result"]
  ])("does not understand %s", (_, body, path) => {
    expect(read(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })

  it("does not let odd details hide a result", () => {
    const data = {
      status: "completed",
      progress: {},
      model: 7,
      created_at: {},
      error_message: [],
      result: { image_url: "https://files.example.com/1234.png" }
    }
    expect(read({ code: "20000", msg: {}, data })).toMatchObject({
      status: "succeeded",
      outputs: [{ kind: "image" }]
    })
  })

  it("leaves HTTP errors to their status", () => {
    expect(read({ code: "1", msg: "no" }, 503)).toMatchObject({
      _tag: "Unavailable",
      code: "1",
      message: "no"
    })
  })
})
