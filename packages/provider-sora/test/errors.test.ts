/** Failures of tasks and errors of queries, in the forms of various relays. */
import { describe, expect, it } from "vitest"
import { decode } from "./decode.ts"

describe("a response in the unified video format", () => {
  it.each([
    ["error as text", { error: "a" }],
    ["error as object", { error: { message: "a", code: "x" } }],
    ["error_message", { error_message: "a" }],
    ["fail_reason", { fail_reason: "a" }],
    ["detail.error", { detail: { error: { message: "a" } } }],
    ["detail.error_message", { detail: { status: "failed", error_message: "a" } }],
    ["detail.video_generation_error", { message: "Task failed", detail: { video_generation_error: "a" } }],
    ["detail.pending_info.failure_reason", { detail: { pending_info: { failure_reason: "a" } } }],
    ["data.error", { data: { error: { message: "a" } } }],
    ["JSON in the error", { error: { code: "upstream_error", message: '{"error":{"message":"a"}}' } }]
  ])("of a failed task has the message of %s", (_, body) => {
    expect(decode({ status: "failed", ...body })).toMatchObject({ failure: { message: "a" } })
  })

  it.each([
    [
      "OutputAudioSensitiveContentDetected",
      "the output audio may contain sensitive information",
      "moderation"
    ],
    ["content_policy_violation", "The prompt describes content that is not allowed.", "moderation"],
    ["timeout", "the model took too long", "timeout"],
    ["generation_failed", "odd", "unknown"]
  ])("with the failure %s has the reason %s", (code, message, reason) => {
    expect(decode({ status: "failed", error: { code, message } })).toMatchObject({
      failure: { code, message, reason }
    })
  })

  it.each([
    ["an unknown reason", "x", "Unavailable"],
    [
      "too much load",
      '{"code":"upstream_load_saturated","message":"当前分组上游负载已饱和，请稍后再试"}',
      "Unavailable"
    ],
    ["no credits", '{"error":{"message":"quota","code":"insufficient_user_quota"}}', "InsufficientCredits"],
    [
      "no credits in Chinese",
      '{"code":"x","message":"预扣费额度失败, 用户剩余额度: ¥5.2"}',
      "InsufficientCredits"
    ]
  ])("of a relay that could not reach its upstream for %s is an error of the query", (_, message, tag) => {
    expect(decode({ code: "fail_to_fetch_task", message, data: null }, 403)).toMatchObject({ _tag: tag })
    expect(decode({ error: { code: "fail_to_fetch_task", message } }, 403)).toMatchObject({ _tag: tag })
    expect(decode({ code: "fail_to_fetch_task", message })).toMatchObject({ _tag: tag })
  })

  it("of a relay whose upstream rejected the content is a failed task", () => {
    const message = '{"error":{"code":"content_policy_violation","message":"no"}}'
    expect(decode({ code: "fail_to_fetch_task", message }, 403)).toMatchObject({
      status: "failed",
      failure: { reason: "moderation", code: "content_policy_violation" }
    })
  })

  it.each([
    [{ code: 400, message: "fail_to_fetch_task", data: null }, "Unavailable"],
    [{ code: 404, message: "fail_to_fetch_task", data: null }, "TaskNotFound"],
    [{ code: 429, message: "fail_to_fetch_task", data: null }, "RateLimited"],
    [{ error: { code: "upstream_error", message: "no" } }, "Unavailable"],
    [{ error: { code: 402, message: "server busy" } }, "InsufficientCredits"],
    [{ error: "Invalid token" }, "Unauthorized"],
    [{ code: "invalid_api_key", message: "no" }, "Unauthorized"],
    [{ error: { message: "无效的令牌" } }, "Unauthorized"],
    [{ code: 404, message: "no" }, "TaskNotFound"]
  ])("with the error %j in HTTP 200 is %s", (body, tag) => {
    expect(decode(body)).toMatchObject({ _tag: tag })
  })

  it("with HTTP 429 is a rate limit, even if it names a quota", () => {
    expect(decode({ error: { code: "quota_exceeded", message: "Quota exceeded" } }, 429)).toMatchObject({
      _tag: "RateLimited"
    })
  })
})
