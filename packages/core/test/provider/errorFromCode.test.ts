import { describe, expect, it } from "vitest"
import { errorFromCode, errorFromHttpCode, errorFromStatus } from "@gentask/core/provider"

describe("errorFromStatus", () => {
  it.each([
    [401, { _tag: "Unauthorized" }],
    [402, { _tag: "InsufficientCredits" }],
    [403, { _tag: "Forbidden" }],
    [404, { _tag: "TaskNotFound" }],
    [410, { _tag: "TaskNotFound" }],
    [429, { _tag: "RateLimited", retryAfterMs: 7000 }],
    [408, { _tag: "Unavailable", retryAfterMs: 7000 }],
    [409, { _tag: "Unavailable", retryAfterMs: 7000 }],
    [425, { _tag: "Unavailable", retryAfterMs: 7000 }],
    [455, { _tag: "Unavailable", retryAfterMs: 7000 }],
    [503, { _tag: "Unavailable", retryAfterMs: 7000 }],
    [400, { _tag: "InvalidRequest" }],
    [418, { _tag: "InvalidRequest" }],
    [302, { _tag: "UnexpectedResponse", path: "" }]
  ])("maps %i to %j", (status, reason) => {
    expect(errorFromStatus(status, { message: "no", retryAfterMs: 7000 })).toStrictEqual({
      ...reason,
      message: "no"
    })
  })

  it.each([200, 204, 299])("returns undefined for %i", (status) => {
    expect(errorFromStatus(status)).toBeUndefined()
  })
})

describe("a code that copies an HTTP status", () => {
  it.each([
    [401, { _tag: "Unauthorized", code: "401", message: "no" }],
    ["429", { _tag: "RateLimited", code: "429", message: "no", retryAfterMs: undefined }],
    [599, { _tag: "Unavailable", code: "599", message: "no", retryAfterMs: undefined }]
  ])("is the error of that status: %j", (code, reason) => {
    expect(errorFromHttpCode(code, { message: "no" })).toStrictEqual(reason)
    expect(errorFromCode(code, { message: "no" })).toStrictEqual(reason)
  })

  it.each([200, 399, 600, "4290", " 401", "odd", "", null, undefined])("is not %j", (code) => {
    expect(errorFromHttpCode(code)).toBeUndefined()
  })
})

describe("another code", () => {
  it("is an unexpected response", () => {
    expect(errorFromCode(9000, { message: "no" })).toStrictEqual({
      _tag: "UnexpectedResponse",
      path: "code",
      code: "9000",
      message: "no"
    })
    expect(errorFromCode("x", { path: "error.code" })).toStrictEqual({
      _tag: "UnexpectedResponse",
      path: "error.code",
      code: "x"
    })
  })
})
