/** What the recordings do not cover: all codes, forms of the result, and members of other types. */
import { decodeRecorded } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import { jimmy } from "../src/index.ts"

/** Decodes a response to the snapshot, or to the reason of the error. */
const decode = (body: unknown, status = 200): unknown => {
  const decoded = decodeRecorded(jimmy({ apiKey: "key" }), "jimmy:1234", { body, status })
  return "snapshot" in decoded ? decoded.snapshot : "reason" in decoded ? decoded.reason : decoded
}

const url = "https://files.example.com/1.png"
const task = (data: object) => ({ code: 20_000, msg: "ok", data: { status: "completed", ...data } })

describe("a response of Jimmy AI", () => {
  it.each(["20000", 20_000, "0", 0, "200", 200, " 20000 ", null, undefined])(
    "with the code %j is about the task",
    (code) => {
      expect(decode({ code, data: { status: "completed", result: { image_url: url } } })).toMatchObject({
        status: "succeeded",
        outputs: [{ url }]
      })
    }
  )

  it.each([
    [20_001, "Unauthorized"],
    [20_002, "InvalidRequest"],
    [-1, "Unavailable"],
    [401, "Unauthorized"],
    [429, "RateLimited"],
    [503, "Unavailable"],
    [40_100, "UnexpectedResponse"]
  ])("with the code %i, as number or text, is the error %s", (code, tag) => {
    for (const data of [null, undefined, [], "", "x"]) {
      const expected = { _tag: tag, code: String(code), message: "no" }
      expect(decode({ code, msg: "no", data })).toMatchObject(expected)
      expect(decode({ code: String(code), message: "no", data })).toMatchObject(expected)
    }
  })

  it("without a task is unexpected, with the message that it has", () => {
    const expected = { _tag: "UnexpectedResponse", path: "data.status" }
    expect(decode({ error: { message: "no" } })).toMatchObject({ ...expected, message: "no" })
    expect(decode({ code: 20_000, msg: "ok" })).toMatchObject({
      ...expected,
      message: "The task has no status"
    })
  })

  it("with a documented code has its meaning with any HTTP status", () => {
    expect(decode({ code: "20001", msg: "no" }, 400)).toMatchObject({ _tag: "Unauthorized", httpStatus: 400 })
    expect(decode({ code: "-1", msg: "no" }, 500)).toMatchObject({ _tag: "Unavailable" })
    expect(decode({ code: "20000", msg: "no" }, 404)).toMatchObject({ _tag: "TaskNotFound" })
  })

  it.each([
    { image_url: url },
    { image_url: [url] },
    { image_urls: [url] },
    { image_url: url, image_urls: [url], video_url: "" },
    { images: [{ url }] },
    [url],
    url,
    `{"image_url":"${url}"}`
  ])("has one output with the result %j", (result) => {
    expect(decode(task({ result }))).toMatchObject({ outputs: [{ kind: "image", url }], warnings: [] })
  })

  it("has audio with a warning, since the vendor documents it for other queries only", () => {
    expect(decode(task({ result: { audio_url: "https://files.example.com/1.mp3" } }))).toMatchObject({
      status: "succeeded",
      outputs: [{ kind: "audio", url: "https://files.example.com/1.mp3" }],
      warnings: ["The result contains audio, which the vendor does not document for this query."]
    })
  })

  it.each(["url", "mediaUrl", "audioUrl", "image_url"])("has the link in %s if it has no result", (name) => {
    const url = "https://files.example.com/1"
    expect(decode(task({ [name]: url }))).toMatchObject({ outputs: [{ url }] })
    const result = { image_url: "https://files.example.com/2" }
    expect(decode(task({ [name]: url, result }))).toMatchObject({ outputs: [{ url: result.image_url }] })
  })

  it("lists links in unknown places if it has no output", () => {
    expect(decode(task({ file: { downloadUrl: "https://files.example.com/1" } }))).toMatchObject({
      outputs: [],
      warnings: [
        "The task succeeded, but the response contains no usable output.",
        "Members of the response that may contain media were not read: data.file.downloadUrl."
      ]
    })
  })

  it.each([
    ["error_message", { error_message: "a" }],
    ["error_msg", { error_msg: "a" }],
    ["reason", { reason: "a" }],
    ["message", { message: "a" }],
    ["error", { error: { message: "a" } }],
    ["the better of two", { message: "Task failed", error_message: "a" }]
  ])("of a failed task has its message in %s", (_, data) => {
    expect(decode(task({ status: "failed", ...data }))).toMatchObject({
      failure: { message: "a", code: null }
    })
    expect(decode({ status: "failed", ...data })).toMatchObject({ failure: { message: "a", code: null } })
  })

  it.each([
    ["PROVIDER_MODERATION_ERROR", "moderation"],
    ["The image could not be downloaded", "invalid-input"],
    ["Insufficient balance", "quota"],
    ["Read timed out", "timeout"],
    ["an undocumented provider failure", "unknown"]
  ])("of a failed task with the message %s has the reason %s", (message, reason) => {
    expect(decode(task({ status: "failed", error_message: message }))).toMatchObject({ failure: { reason } })
  })

  it.each(["RUNNING", "Queueing", "CANCEL"])("may have the common word %s for its status", (status) => {
    expect(decode(task({ status }))).not.toMatchObject({ status: "unknown" })
  })
})
