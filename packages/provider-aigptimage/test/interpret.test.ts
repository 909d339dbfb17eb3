import { readFileSync } from "node:fs"
import { interpretAnswer } from "@gentask/core/testing"
import { describe, expect, it } from "vitest"
import { aigptimage } from "../src/index.ts"

const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/query.${name}.json`, import.meta.url), "utf8")

/** The snapshot or the fault that an answer means. */
const read = (body: unknown, status = 200): unknown => {
  const meaning = interpretAnswer(aigptimage({ apiKey: "key" }), "aigptimage:task_xxx", { body, status })
  return "snapshot" in meaning ? meaning.snapshot : "fault" in meaning ? meaning.fault : meaning
}

const task = {
  ref: "aigptimage:task_xxx",
  provider: "aigptimage",
  account: "aigptimage",
  id: "task_xxx",
  progress: null,
  model: "gpt-image-2-text-to-image",
  prompt: "A cat",
  createdAt: new Date(1_777_459_967_759),
  updatedAt: null,
  completedAt: null,
  outputs: [],
  failure: null,
  warnings: []
}
const succeeded = {
  ...task,
  status: "succeeded",
  rawStatus: "success",
  completedAt: new Date(1_777_460_000_000)
}
const failed = { ...task, status: "failed", rawStatus: "fail" }
const failure = { reason: "unknown", code: null, message: null, requestId: null, resubmit: null }
const output = (url: string, kind = "image") => ({
  kind,
  role: "result",
  url,
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null
})

describe("an answer of AI GPT Image", () => {
  it.each([
    [
      "waiting",
      {
        ...task,
        status: "running",
        rawStatus: "waiting",
        prompt: "A cinematic portrait of a robot painter",
        createdAt: new Date(1_777_474_689_024)
      }
    ],
    ["success", { ...succeeded, outputs: [output("https://cdn.example.com/result.png")] }],
    [
      "fail",
      {
        ...failed,
        prompt: expect.stringMatching(/^360 equirectangular panorama, .* no distortion$/),
        createdAt: new Date(1_777_475_010_433),
        failure: {
          ...failure,
          reason: "moderation",
          code: "400",
          message: "Sorry, but the image we created may violate OpenAI's content policies."
        }
      }
    ],
    [
      "fail.canceled",
      { ...failed, failure: { ...failure, reason: "canceled", message: "The task was canceled." } }
    ],
    [
      "fail.number-code",
      {
        ...failed,
        failure: { ...failure, reason: "invalid-input", code: "422", message: "The image is too large." }
      }
    ],
    [
      "generating.kie",
      {
        ...task,
        status: "running",
        rawStatus: "generating",
        progress: 0.45,
        model: "sora-2-text-to-video",
        createdAt: new Date(1_698_765_400_000),
        updatedAt: new Date(1_698_765_432_000)
      }
    ],
    [
      "success.kie",
      {
        ...succeeded,
        model: "grok-imagine/text-to-image",
        prompt: "Cinematic portrait...",
        createdAt: new Date(1_698_765_400_000),
        updatedAt: new Date(1_698_765_432_000),
        completedAt: new Date(1_698_765_432_000),
        outputs: [output("https://example.com/generated-content.jpg")]
      }
    ],
    [
      "success.other-keys",
      {
        ...succeeded,
        outputs: [
          output("https://files.example.com/e.webp"),
          output("https://files.example.com/d.png"),
          output("https://files.example.com/a.png"),
          output("https://files.example.com/b.mp4?x=1/2", "video"),
          output("https://files.example.com/c", "audio")
        ]
      }
    ],
    [
      "success.not-json",
      {
        ...succeeded,
        prompt: null,
        warnings: [
          "param was not read: it holds no JSON object.",
          "resultJson was not read: it holds no JSON object.",
          "The task succeeded, and the vendor's answer holds no usable output."
        ]
      }
    ]
  ])("reads %s", (name, expected) => {
    expect(read(fixture(name))).toEqual(expected)
  })

  it.each([
    [
      "rate-limited",
      429,
      { _tag: "RateLimited", code: "429", message: "rate limit exceeded", retryAfter: 17_000 }
    ],
    ["not-found", 404, { _tag: "TaskNotFound", code: "404", message: "task not found" }],
    ["not-found.kie", 422, { _tag: "TaskNotFound", code: "422", message: "recordInfo is null" }]
  ])("reads %s alike with HTTP 200 and HTTP %i", (name, status, fault) => {
    expect(read(fixture(name))).toEqual({ ...fault, httpStatus: 200 })
    expect(read(fixture(name), status)).toEqual({ ...fault, httpStatus: status })
  })

  it.each([
    ["waiting", "running"],
    ["queuing", "queued"],
    ["generating", "running"],
    ["success", "succeeded"],
    ["fail", "failed"],
    ["dreaming", "unknown"]
  ])("takes the state %s for %s", (state, status) => {
    expect(read({ code: "200", data: { state } })).toMatchObject({ status, rawStatus: state })
  })

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
  ])("reads the code %i inside HTTP 200 as %s", (code, tag) => {
    const expected = { _tag: tag, code: String(code), message: "no", httpStatus: 200 }
    expect(read({ code, msg: "no", data: null })).toMatchObject(expected)
    expect(read({ code: String(code), message: "no" })).toMatchObject(expected)
  })

  it("reads the code 501 as the failure of the task", () => {
    expect(read({ code: 501, msg: "Generation failed", data: null })).toMatchObject({
      status: "failed",
      failure: { ...failure, reason: "upstream", code: "501", message: "Generation failed" }
    })
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
  ])("reads the failure %s %s as %s", (failCode, failMsg, reason) => {
    expect(read({ code: 200, data: { state: "fail", failCode, failMsg } })).toMatchObject({
      status: "failed",
      failure: { reason, code: failCode === null ? null : String(failCode), message: failMsg }
    })
  })

  it("leaves an HTTP error without a code of the vendor's to its status", () => {
    expect(read({ code: 200, msg: "success", data: { state: "success" } }, 503)).toMatchObject({
      _tag: "Unavailable"
    })
    expect(read({ error: "odd" }, 403)).toMatchObject({ _tag: "Forbidden" })
    expect(read("error code: 1010", 403)).toMatchObject({ _tag: "Forbidden" })
  })

  it.each([
    ["no object", [], ""],
    ["nothing", {}, "data.state"],
    ["no record", { code: 200, msg: "success", data: null }, "data.state"],
    ["a number for a state", { code: 200, data: { state: 3 } }, "data.state"],
    ["a text for a record", { code: 200, data: "x" }, "data"]
  ])("does not understand %s", (_, body, path) => {
    expect(read(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })
})
