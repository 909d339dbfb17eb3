import { describe, expect, it } from "vitest"
import { refineError } from "../../src/exchange/refineError.ts"
import type { ErrorReason } from "../../src/provider/ErrorReason.ts"

const unexpected = (message: string, code?: string): ErrorReason => ({
  _tag: "UnexpectedResponse",
  path: "code",
  message,
  code
})

const tagOf = (error: ErrorReason, isKnown?: boolean): string => {
  const refined = refineError(error, isKnown)
  return refined._tag === "Failed" ? "Failed" : refined.reason._tag
}

describe("refineError", () => {
  it.each([
    ["Content policy violation", "Failed"],
    ["内容审核不通过", "Failed"],
    ["insufficient balance", "InsufficientCredits"],
    ["用户额度不足, 剩余额度: 0", "InsufficientCredits"],
    ["Rate limit reached for requests", "RateLimited"],
    ["请求过于频繁，请稍后重试", "RateLimited"],
    ["当前分组上游负载已饱和，请稍后再试", "Unavailable"],
    ["fail_to_fetch_task", "Unavailable"],
    ["internal server error", "Unavailable"],
    ["upstream timeout", "Unavailable"],
    ["系统繁忙", "Unavailable"],
    ["Invalid token", "Unauthorized"],
    ["Incorrect API key provided", "Unauthorized"],
    ["API key not valid. Please pass a valid API key.", "Unauthorized"],
    ["无效的令牌", "Unauthorized"],
    ["API Key 不正确", "Unauthorized"],
    ["task not found", "TaskNotFound"],
    ["The task does not exist", "TaskNotFound"],
    ["任务不存在", "TaskNotFound"],
    ["The response has no status", "UnexpectedResponse"],
    ["The code is not 20000", "UnexpectedResponse"],
    ["", "UnexpectedResponse"]
  ])("of an unexpected response reads %j as %s", (message, tag) => {
    expect(tagOf(unexpected(message))).toBe(tag)
  })

  it("reads the code, too", () => {
    expect(tagOf(unexpected("Sorry", "insufficient_user_quota"))).toBe("InsufficientCredits")
    expect(tagOf(unexpected("Sorry", "rate_limit_exceeded"))).toBe("RateLimited")
  })

  it.each([
    ["用户额度不足", "InsufficientCredits"],
    ["The upstream load is saturated", "Unavailable"],
    ["Too many requests", "RateLimited"],
    ["Your API key is expired", "Forbidden"],
    ["Access to this model was denied by the upstream", "Forbidden"],
    ["Access Denied", "Forbidden"]
  ])("of a 403 reads %j as %s", (message, tag) => {
    expect(tagOf({ _tag: "Forbidden", message })).toBe(tag)
  })

  it.each([
    ["Invalid id", "InvalidRequest"],
    ["Invalid req_key", "InvalidRequest"],
    ["不支持的模型参数", "InvalidRequest"],
    ["field required", "InvalidRequest"]
  ])("of an invalid request leaves %j as it is", (message, tag) => {
    expect(tagOf({ _tag: "InvalidRequest", message })).toBe(tag)
  })

  it.each(["Unauthorized", "TaskNotFound", "RateLimited", "Unavailable", "InsufficientCredits"] as const)(
    "returns %s as it is, whatever its message",
    (tag) => {
      const reason: ErrorReason = { _tag: tag, message: "Content policy violation" }
      expect(refineError(reason)).toEqual({ _tag: "Error", reason })
    }
  )

  it("does not take a task that an earlier response knew for missing", () => {
    expect(tagOf(unexpected("task not found"), true)).toBe("UnexpectedResponse")
  })

  it("keeps the details of the error", () => {
    const detail = { code: "x", message: "Invalid token", requestId: "r1", httpStatus: 400 }
    expect(refineError({ _tag: "InvalidRequest", ...detail })).toEqual({
      _tag: "Error",
      reason: { _tag: "Unauthorized", ...detail }
    })
  })
})
