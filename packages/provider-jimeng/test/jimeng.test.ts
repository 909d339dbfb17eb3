/** What the recordings do not show: settings and hints, each code, and what is made of odd answers. */
import { configureAccount } from "@gentask/core/provider"
import { decodeRecorded, requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { jimeng } from "../src/index.ts"
import type { JimengSettings } from "../src/index.ts"

const id = "67fb9e82-126e-4c71-bb16-a3bb3789e3b7"
const ref = `jimeng:${id}`

/** The question, with its two layers of JSON read. */
const ask = (settings: JimengSettings = {}, asked = ref) => {
  const account = jimeng({ endpoint: "octopusx", apiKey: "key", ...settings })
  const { url, body } = requestOf(account, asked)
  const read: { task_id: string; req_key: string; req_json: string } = JSON.parse(body ?? "")
  return { path: url.pathname, ...read, req_json: JSON.parse(read.req_json) as unknown }
}

const read = (body: unknown, status = 200): unknown => {
  const meaning = decodeRecorded(jimeng({ endpoint: "octopusx", apiKey: "key" }), ref, { body, status })
  return "snapshot" in meaning ? meaning.snapshot : "reason" in meaning ? meaning.reason : meaning
}

describe("a question in the Jimeng official format", () => {
  it("has no endpoint unless one is named", () => {
    expect(() => requestOf(jimeng({ apiKey: "key" }), ref)).toThrow("Choose octopusx or deepwl or volcengine")
  })

  it("sends ids of 19 digits as the text that they are", () => {
    expect(ask({}, "jimeng:7392616336519610409").task_id).toBe("7392616336519610409")
  })

  it("asks what the settings say", () => {
    const settings: JimengSettings = {
      path: "/volcark/visual",
      reqKey: "jimeng_ti2v_v30_pro",
      reqJson: {
        return_url: false,
        logo_info: {
          add_logo: true,
          position: 3,
          language: 1,
          opacity: 0.5,
          logo_text_content: "made by AI"
        },
        aigc_meta: { content_producer: "a", producer_id: "b", content_propagator: "c", propagate_id: "d" }
      }
    }
    expect(ask(settings)).toEqual({
      path: "/volcark/visual",
      req_key: "jimeng_ti2v_v30_pro",
      task_id: id,
      req_json: settings.reqJson
    })
  })

  it("asks for links beside whatever else the settings ask for", () => {
    expect(ask({ reqJson: { logo_info: { add_logo: true } } }).req_json).toEqual({
      return_url: true,
      logo_info: { add_logo: true }
    })
  })

  it("lets the ref's hints win over the settings", () => {
    const hints = `req_key=jimeng_i2i&req_json=${encodeURIComponent('{"a":1}')}`
    const settings = { reqKey: "other", reqJson: { logo_info: { add_logo: true } } }
    expect(ask(settings, `${ref}?${hints}`)).toEqual({
      path: "/jm",
      req_key: "jimeng_i2i",
      task_id: id,
      req_json: { a: 1 }
    })
  })

  it.each(["{", "[]", "null", "1", ""])("refuses the hint req_json=%s", (text) => {
    expect(() => ask({}, `${ref}?req_json=${text}`)).toThrow(
      'its hints are wrong at req_json: it must be the text of a JSON object, such as {"return_url":true}.'
    )
  })

  it.each([
    [{ path: "jm" }, "path"],
    [{ path: "/jm?x=1" }, "path"],
    [{ reqJson: { logo_info: { position: 4 } } }, "reqJson.logo_info.position"],
    [{ reqJson: { logo_info: { opacity: 2 } } }, "reqJson.logo_info.opacity"],
    [{ reqJson: { aigc_meta: {} } }, "reqJson.aigc_meta.producer_id"],
    [{ reqJson: { returnUrl: true } }, 'reqJson: Unrecognized key: "returnUrl"']
  ])("refuses the settings %j", (settings, path) => {
    const account = configureAccount(spec, { endpoint: "octopusx", apiKey: "key", ...settings })
    expect(() => requestOf(account, ref)).toThrow(`The settings of jimeng are wrong at ${path}`)
  })
})

describe("an answer in the Jimeng official format", () => {
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
  ])("with the code %s is a failure: %s, submit again: %s", (code, reason, canResubmit) => {
    const body = { code: Number(code), data: null, message: "no", request_id: "1", status: Number(code) }
    expect(read(body, 400)).toMatchObject({
      status: "failed",
      rawStatus: null,
      failure: { reason, code, message: "no", requestId: "1", canResubmit }
    })
  })

  it.each([
    [50_429, "RateLimited"],
    [50_430, "RateLimited"],
    [50_500, "Unavailable"],
    [50_501, "Unavailable"],
    [401, "Unauthorized"],
    [50_999, "UnexpectedResponse"]
  ])("with the code %i says nothing about the task: %s", (code, tag) => {
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
    ["MissingRequestInfo", 400, "InvalidRequest"],
    ["MissingSignature", 401, "Unauthorized"],
    ["InvalidTimestamp", 400, "InvalidRequest"],
    ["InvalidTimestamp", 403, "InvalidRequest"],
    ["ServiceNotFound", 404, "InvalidRequest"],
    ["InvalidActionOrVersion", 404, "InvalidRequest"],
    ["InvalidAccessKey", 401, "Unauthorized"],
    ["SignatureDoesNotMatch", 401, "Unauthorized"],
    ["LackPolicy", 403, "Forbidden"],
    ["AccessDenied", 403, "Forbidden"]
  ])("of the gateway with %s is, with HTTP %i and with HTTP 200, %s", (code, status, tag) => {
    const body = { ResponseMetadata: { RequestId: "1", Error: { Code: code, Message: "no" } } }
    expect(read(body, status)).toMatchObject({ _tag: tag, code, requestId: "1", httpStatus: status })
    expect(read(body)).toMatchObject({ _tag: tag, code, requestId: "1", httpStatus: 200 })
  })

  it.each([
    ["FlowLimitExceeded", 429, "RateLimited"],
    ["SomethingNew", 503, "Unavailable"],
    ["SomethingNew", 200, "UnexpectedResponse"]
  ])("of the gateway with %s, which says no more than HTTP %i does, is %s", (code, status, tag) => {
    const body = { ResponseMetadata: { RequestId: "1", Error: { Code: code, Message: "no" } } }
    expect(read(body, status)).toMatchObject({ _tag: tag, code, message: "no", requestId: "1" })
  })

  it("finds no task where it is not_found, whatever the code", () => {
    const body = { code: 10_001, message: "no", data: { status: "not_found" } }
    expect(read(body)).toMatchObject({ _tag: "TaskNotFound", code: "10001", message: "no" })
    expect(read(body, 400)).toMatchObject({ _tag: "TaskNotFound" })
  })

  it.each(["success", "generating", "dreaming"])(
    "is not believed about a task that is %s beside a code that nobody knows",
    (status) => {
      expect(read({ code: 10_001, message: "no", data: { status } })).toMatchObject({
        _tag: "UnexpectedResponse",
        path: "code",
        code: "10001"
      })
    }
  )

  it.each(["UNKNOWN", "dreaming"])("with the word %s is no end", (status) => {
    expect(read({ code: 10_000, data: { status } })).toMatchObject({ status: "unknown", rawStatus: status })
  })

  it("tells a success without any media from one with", () => {
    const data = { status: "done", image_urls: null, binary_data_base64: [] }
    expect(read({ code: 10_000, data })).toMatchObject({
      status: "succeeded",
      outputs: [],
      warnings: ["The task succeeded, but the response contains no usable output."]
    })
  })

  it.each([
    ["no object", [], ""],
    ["nothing", {}, "code"],
    ["no task", { code: 10_000, data: null, message: "Success" }, "data.status"],
    ["a task without a code", { data: { status: "done" } }, "code"],
    ["a number for a status", { code: 10_000, data: { status: 3 } }, "data.status"],
    ["a text for the links", { code: 10_000, data: { status: "done", image_urls: "x" } }, "data.image_urls"]
  ])("is not understood with %s", (_, body, path) => {
    expect(read(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })
})
