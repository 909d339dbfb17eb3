import { describe, expect, it } from "vitest"
import { readErrorDetail } from "@gentask/core/provider"

describe("readErrorDetail", () => {
  it.each([
    [
      '{"error":{"type":"invalid_request_error","code":"bad_image","message":"At most 1 image."}}',
      "At most 1 image."
    ],
    ["The model is rate-limited upstream.", "The model is rate-limited upstream."],
    ["", "Provider returned error"]
  ])("prefers the raw error of an upstream in the metadata of an error: %j", (raw, message) => {
    const error = { message: "Provider returned error", code: 400, metadata: { provider_name: "Acme", raw } }
    expect(readErrorDetail({ error })).toEqual({ code: "400", message })
  })

  it.each([
    ["a code and a message", { code: 7, message: "a" }, { code: "7", message: "a" }],
    ["msg", { msg: "a" }, { message: "a" }],
    ["an error as text", { error: "a" }, { message: "a" }],
    ["an error as object", { error: { code: "x", message: "a", type: "t" } }, { code: "x", message: "a" }],
    [
      "a code beside the error",
      { code: "imagine:content-moderated", error: "a" },
      { code: "imagine:content-moderated", message: "a" }
    ],
    ["a list of errors", { errors: [{ message: "a" }, { message: "b" }] }, { message: "a" }],
    ["a list of texts", { errors: ["a", "", "b"] }, { message: "a; b" }],
    [
      "validation errors",
      { detail: [{ loc: ["id"], msg: "field required" }] },
      { message: "field required" }
    ],
    ["a detail", { detail: "a" }, { message: "a" }],
    ["an error_message", { status: "failed", error_message: "a" }, { message: "a" }],
    [
      "an errorMessage and an errorCode",
      { errorCode: 500, errorMessage: "a" },
      { code: "500", message: "a" }
    ],
    ["failCode and failMsg", { state: "fail", failCode: "422", failMsg: "a" }, { code: "422", message: "a" }],
    [
      "a fail_reason",
      { code: "success", message: "", data: { status: "FAILURE", fail_reason: "a" } },
      { message: "a" }
    ],
    [
      "a task_status_msg",
      { message: "SUCCEED", data: { task_status: "failed", task_status_msg: "a" } },
      { message: "a" }
    ],
    [
      "a message of the data",
      { code: 200, msg: "success", data: { status: "failed", message: "a" } },
      { message: "a" }
    ],
    ["the data as text", { code: 401, msg: "", data: "a" }, { code: "401", message: "a" }],
    [
      "detail.error_message",
      { status: "failed", detail: { status: "failed", error_message: "a" } },
      { message: "a" }
    ],
    ["detail.video_generation_error", { detail: { video_generation_error: "a" } }, { message: "a" }],
    [
      "detail.pending_info.failure_reason",
      { detail: { pending_info: { failure_reason: "a" } } },
      { message: "a" }
    ],
    [
      "the reasons of a filter",
      { response: { video: { raiMediaFilteredReasons: ["a"] } } },
      { message: "a" }
    ],
    [
      "JSON in the message",
      { code: "fail_to_fetch_task", message: '{"error":{"code":"x","message":"a"}}' },
      { code: "x", message: "a" }
    ],
    [
      "JSON in JSON in the message",
      { error: { message: JSON.stringify({ message: '{"code":"x","message":"a"}' }) } },
      { code: "x", message: "a" }
    ],
    ["JSON with something after it", { message: '{"message":"a"} at 12:00' }, { message: "a" }],
    [
      "an envelope in Pascal case",
      { ResponseMetadata: { Error: { CodeN: 1, Code: "x", Message: "a" } } },
      { code: "x", message: "a" }
    ],
    ["JSON as text", '{"error":"a"}', { message: "a" }],
    [
      "JSON with a code and without a message",
      { error: { message: '{"failureReason":{"errorCode":"x"}}' } },
      { code: "x", message: "x" }
    ],
    [
      "the data of the algorithm",
      { status: "failed", resp_data: '{"code":7,"message":"a"}' },
      { code: "7", message: "a" }
    ],
    ["text", "a", { message: "a" }],
    ["a code alone", { code: "x", data: null }, { code: "x" }],
    ["a code of the error, without a message", { error: { code: "x" } }, { code: "x" }]
  ])("reads %s", (_, body, detail) => {
    expect(readErrorDetail(body)).toEqual(detail)
  })

  it.each([
    [
      "the error of the upstream to that of the gateway",
      {
        data: {
          fail_reason: "upstream returned error",
          data: { status: "failed", error: { code: "x", message: "a" } }
        }
      },
      { code: "x", message: "a" }
    ],
    [
      "a reason to the statement that the task failed",
      { message: "Task failed", error: "Failed.", detail: { error_message: "a" } },
      { message: "a" }
    ],
    ["a reason to the title of an HTTP status", { error: "Bad Request", message: "a" }, { message: "a" }],
    ["a reason to a statement in Chinese", { error: "任务失败", reason: "a" }, { message: "a" }],
    ["an error to a message", { error_message: "a", data: { message: "b" } }, { message: "a" }]
  ])("prefers %s", (_, body, detail) => {
    expect(readErrorDetail(body)).toEqual(detail)
  })

  it("returns the statement that the task failed if there is no reason", () => {
    expect(readErrorDetail({ status: "failed", message: "Task failed" })).toEqual({ message: "Task failed" })
    expect(readErrorDetail({ error: "Not Found" })).toEqual({ message: "Not Found" })
  })

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a number", 5],
    ["an empty list", []],
    ["success", { code: 200, msg: "success", message: "OK", data: { error: null, error_message: "" } }],
    ["other codes of success", { code: "0", msg: "成功" }],
    ["the link of a result", { fail_reason: "https://files.example.com/1.mp4" }],
    [
      "messages about something else",
      { queue: { message: "a", code: 1 }, moderation_result: { code: "x", type: "passed" } }
    ],
    ["the input", { input: { error: "a" }, param: '{"error":"a"}', prompt: { message: "a" } }],
    ["data as JSON", { code: 0, data: '{"urls":["https://files.example.com/1.mp4"]}', resp_data: '{"a":1}' }],
    ["values of other types", { error: true, message: 5, code: {} }],
    ["what is nested too deeply", JSON.parse(`${'{"error":'.repeat(20)}"a"${"}".repeat(20)}`)]
  ])("returns nothing for %s", (_, body) => {
    expect(readErrorDetail(body)).toEqual({})
  })
})
