/** What the recordings do not cover: settings and params, all codes, and unexpected responses. */
import { configureAccount } from "@gentask/core/provider"
import { decodeRecorded, requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { jimeng } from "../src/index.ts"
import type { JimengSettings } from "../src/index.ts"

const id = "67fb9e82-126e-4c71-bb16-a3bb3789e3b7"
const ref = `jimeng:${id}`

/** The request, with its two layers of JSON parsed. */
const buildRequest = (settings: JimengSettings = {}, taskRef = ref) => {
  const account = jimeng({ endpoint: "octopusx", apiKey: "key", ...settings })
  const { url, body } = requestOf(account, taskRef)
  const parsed: { task_id: string; req_key: string; req_json: string } = JSON.parse(body ?? "")
  return { path: url.pathname, ...parsed, req_json: JSON.parse(parsed.req_json) as unknown }
}

/** Decodes a response to the snapshot, or to the reason of the error. */
const decode = (body: unknown, status = 200): unknown => {
  const decoded = decodeRecorded(jimeng({ endpoint: "octopusx", apiKey: "key" }), ref, { body, status })
  return "snapshot" in decoded ? decoded.snapshot : "reason" in decoded ? decoded.reason : decoded
}

describe("the request of the Jimeng official format", () => {
  it("needs an endpoint", () => {
    expect(() => requestOf(jimeng({ apiKey: "key" }), ref)).toThrow("Choose octopusx or deepwl or volcengine")
  })

  it("contains ids of 19 digits as text", () => {
    expect(buildRequest({}, "jimeng:7392616336519610409").task_id).toBe("7392616336519610409")
  })

  it("contains the settings", () => {
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
    expect(buildRequest(settings)).toEqual({
      path: "/volcark/visual",
      req_key: "jimeng_ti2v_v30_pro",
      task_id: id,
      req_json: settings.reqJson
    })
  })

  it("requests links in addition to what the settings request", () => {
    expect(buildRequest({ reqJson: { logo_info: { add_logo: true } } }).req_json).toEqual({
      return_url: true,
      logo_info: { add_logo: true }
    })
  })

  it("contains the ref's params instead of the settings", () => {
    const params = `req_key=jimeng_i2i&req_json=${encodeURIComponent('{"a":1}')}`
    const settings = { reqKey: "other", reqJson: { logo_info: { add_logo: true } } }
    expect(buildRequest(settings, `${ref}?${params}`)).toEqual({
      path: "/jm",
      req_key: "jimeng_i2i",
      task_id: id,
      req_json: { a: 1 }
    })
  })

  it.each(["{", "[]", "null", "1", ""])("cannot have the param req_json=%s", (text) => {
    expect(() => buildRequest({}, `${ref}?req_json=${text}`)).toThrow(
      'at req_json: must be a JSON object, such as {"return_url":true}.'
    )
  })

  it.each([
    [{ path: "jm" }, "path"],
    [{ path: "/jm?x=1" }, "path"],
    [{ reqJson: { logo_info: { position: 4 } } }, "reqJson.logo_info.position"],
    [{ reqJson: { logo_info: { opacity: 2 } } }, "reqJson.logo_info.opacity"],
    [{ reqJson: { aigc_meta: {} } }, "reqJson.aigc_meta.producer_id"],
    [{ reqJson: { returnUrl: true } }, 'reqJson: Unrecognized key: "returnUrl"']
  ])("cannot have the settings %j", (settings, path) => {
    const account = configureAccount(spec, { endpoint: "octopusx", apiKey: "key", ...settings })
    expect(() => requestOf(account, ref)).toThrow(`Invalid settings of jimeng at ${path}`)
  })
})

describe("a response in the Jimeng official format", () => {
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
  ])("with the code %s is a failure with the reason %s and canResubmit %s", (code, reason, canResubmit) => {
    const body = { code: Number(code), data: null, message: "no", request_id: "1", status: Number(code) }
    expect(decode(body, 400)).toMatchObject({
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
  ])("with the code %i is the error %s, which says nothing about the task", (code, tag) => {
    expect(decode({ code, data: null, message: "no" })).toMatchObject({
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
  ])("of the gateway with %s is, with HTTP %i and with HTTP 200, the error %s", (code, status, tag) => {
    const body = { ResponseMetadata: { RequestId: "1", Error: { Code: code, Message: "no" } } }
    expect(decode(body, status)).toMatchObject({ _tag: tag, code, requestId: "1", httpStatus: status })
    expect(decode(body)).toMatchObject({ _tag: tag, code, requestId: "1", httpStatus: 200 })
  })

  it.each([
    ["FlowLimitExceeded", 429, "RateLimited"],
    ["SomethingNew", 503, "Unavailable"],
    ["SomethingNew", 200, "UnexpectedResponse"]
  ])("of the gateway with the unknown code %s and HTTP %i is the error %s", (code, status, tag) => {
    const body = { ResponseMetadata: { RequestId: "1", Error: { Code: code, Message: "no" } } }
    expect(decode(body, status)).toMatchObject({ _tag: tag, code, message: "no", requestId: "1" })
  })

  it("with the status not_found is TaskNotFound, whatever its code", () => {
    const body = { code: 10_001, message: "no", data: { status: "not_found" } }
    expect(decode(body)).toMatchObject({ _tag: "TaskNotFound", code: "10001", message: "no" })
    expect(decode(body, 400)).toMatchObject({ _tag: "TaskNotFound" })
  })

  it.each(["success", "generating", "dreaming"])(
    "with the status %s and an unknown code is unexpected",
    (status) => {
      expect(decode({ code: 10_001, message: "no", data: { status } })).toMatchObject({
        _tag: "UnexpectedResponse",
        path: "code",
        code: "10001"
      })
    }
  )

  it.each(["UNKNOWN", "dreaming"])("with the status %s has an unknown status", (status) => {
    expect(decode({ code: 10_000, data: { status } })).toMatchObject({ status: "unknown", rawStatus: status })
  })

  it("with the status done and no media is a success with a warning", () => {
    const data = { status: "done", image_urls: null, binary_data_base64: [] }
    expect(decode({ code: 10_000, data })).toMatchObject({
      status: "succeeded",
      outputs: [],
      warnings: ["The task succeeded, but the response contains no usable output."]
    })
  })

  it.each([
    ["not an object", [], ""],
    ["empty", {}, "code"],
    ["without a task", { code: 10_000, data: null, message: "Success" }, "data.status"],
    ["a task without a code", { data: { status: "done" } }, "code"],
    ["a task with a number as its status", { code: 10_000, data: { status: 3 } }, "data.status"],
    [
      "a task with text as its links",
      { code: 10_000, data: { status: "done", image_urls: "x" } },
      "data.image_urls"
    ]
  ])("is unexpected if it is %s", (_, body, path) => {
    expect(decode(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })
})
