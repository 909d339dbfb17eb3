/** The documented responses to submits, balances and task lists. */
import { describe, expect, it } from "vitest"
import { hostileBodies, outcomeOfSubmit } from "@gentask/testing"
import spec from "../src/index.ts"

describe("the response to a submit in the unified video format", () => {
  it.each<readonly [string, object, string, object]>([
    [
      "most relays",
      { id: "sora-2:task_1", status: "pending", status_update_time: 1_762_010_621_323 },
      "sora-2:task_1",
      { rawStatus: "pending" }
    ],
    [
      "octopusx for jimeng and vidu",
      { created_at: "2025-11-01T00:00:00Z", status: "processing", task_id: "t-1" },
      "t-1",
      { rawStatus: "processing" }
    ],
    [
      "octopusx for veo",
      { id: "video_1", object: "video", model: "veo3.1", status: "queued", created_at: 1_762_010_621 },
      "video_1",
      { model: "veo3.1", rawStatus: "queued" }
    ],
    ["zhubo", { id: "dszyym_grok:task_1", task_id: "dszyym_grok:task_1" }, "dszyym_grok:task_1", {}],
    ["an envelope", { code: "success", data: { task_id: "t-2" } }, "t-2", {}],
    [
      "a chat completion",
      { id: "sora-2:task_2", object: "chat.completion", choices: [] },
      "sora-2:task_2",
      {}
    ]
  ])("of %s is accepted", (_, body, id, draft) => {
    for (const status of [200, 400, 500])
      expect(outcomeOfSubmit(spec, "sora-2", body, status)).toMatchObject({
        _tag: "Accepted",
        tasks: [{ id }],
        draft
      })
  })

  it.each(["sora-2:task_1", "video_1", "task_01k9"])(
    "is accepted with the task id %s beside an error",
    (id) => {
      for (const status of [200, 400, 500])
        expect(
          outcomeOfSubmit(spec, "sora-2", { error: { message: "no", code: "x" }, id }, status)
        ).toMatchObject({ _tag: "Accepted", tasks: [{ id }] })
    }
  )

  it.each([
    [{ code: "insufficient_user_quota", message: "no", data: null }, 403, "InsufficientCredits"],
    [{ code: "x", message: "预扣费额度失败, 用户剩余额度: ¥5.2", data: null }, 400, "InsufficientCredits"],
    [{ error: { message: "无效的令牌", type: "new_api_error", code: "" } }, 401, "Unauthorized"],
    [
      { error: { message: "no such model", type: "new_api_error", code: "model_not_found" } },
      404,
      "InvalidRequest"
    ]
  ])("with the error %j in HTTP %i is rejected as %s", (body, status, reason) => {
    expect(outcomeOfSubmit(spec, "sora-2", body, status)).toMatchObject({
      _tag: "Rejected",
      reason: { _tag: reason }
    })
  })

  it.each([
    [{ code: "invalid_request", message: "no", data: null }, 400],
    [{ code: "do_request_failed", message: "no", data: null }, 500],
    [{ code: "fail_to_fetch_task", message: "当前分组上游负载已饱和，请稍后再试", data: null }, 429],
    [{ code: "x", message: "当前分组上游负载已饱和，请稍后再试", data: null }, 500],
    [{ code: "insufficient_user_quota", message: "quota", data: null }, 500],
    [{ code: "insufficient_user_quota", message: "quota", data: null }, 429],
    [{ error: { message: "no channel", type: "new_api_error", code: "" } }, 503]
  ])("with the error %j in HTTP %i is left to the status", (body, status) => {
    expect(outcomeOfSubmit(spec, "sora-2", body, status)).toBeUndefined()
  })

  it("is never accepted without a task id, and unknown in HTTP 200", () => {
    for (const body of hostileBodies) {
      expect([undefined, "UnknownOutcome"]).toContain(outcomeOfSubmit(spec, "sora-2", body)?._tag)
      for (const status of [400, 429, 500, 503])
        expect([undefined, "Rejected"]).toContain(outcomeOfSubmit(spec, "sora-2", body, status)?._tag)
    }
    expect(outcomeOfSubmit(spec, "sora-2", { error: { message: "Invalid token" } })).toEqual({
      _tag: "UnknownOutcome",
      reason: { _tag: "UnexpectedResponse", path: "id", code: undefined, message: "Invalid token" }
    })
  })
})

const head = { status: 200, headers: {} }

describe("the balance at a relay", () => {
  const decode = (body: object) => spec.balance?.decode(body, head)

  it("is the quota of the API key", () => {
    expect(spec.balance?.request({})).toEqual({ method: "GET", path: "/api/usage/token/" })
    expect(
      decode({ code: true, data: { total_granted: 900, total_used: 400, total_available: 500 } })
    ).toEqual({
      _tag: "Balance",
      available: { amount: 500, unit: "quota" },
      used: { amount: 400, unit: "quota" }
    })
    expect(
      decode({ code: true, data: { total_used: 400, total_available: 0, unlimited_quota: true } })
    ).toMatchObject({ available: null, used: { amount: 400 } })
    expect(decode({ error: { message: "Invalid token" } })).toMatchObject({
      reason: { _tag: "Unauthorized" }
    })
    expect(decode({ code: true, data: {} })).toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
  })
})

describe("the list of a relay's tasks", () => {
  const lost = {
    request: { model: "sora-2", input: { prompt: "A fox" }, idempotencyKey: "key-1" },
    submittedAt: new Date(1_762_010_621_000),
    endedAt: new Date(1_762_010_741_000)
  }
  const settings = { consoleToken: "token", consoleUser: "7" }

  it("needs the token of the console", () => {
    expect(spec.recover?.request(lost, {})).toBeUndefined()
    expect(spec.recover?.request(lost, settings)).toEqual({
      method: "GET",
      path: "/api/task/self",
      query: { p: "1", page_size: "100", start_timestamp: "1762010561", end_timestamp: "1762010801" }
    })
    const request = {
      method: "GET",
      url: new URL("https://relay.example"),
      headers: {},
      body: undefined
    } as const
    const credentials = { apiKey: "key", endpoint: undefined, now: new Date(0) }
    expect(spec.recover?.authorize?.(request, credentials, settings)).toEqual({
      authorization: "token",
      "new-api-user": "7"
    })
  })

  it("accepts both settings of the console, or none", () => {
    const validate = (value: object) => spec.settings?.["~standard"].validate(value)
    expect(validate(settings)).toEqual({ value: settings })
    expect(validate({ consoleToken: "token" })).toHaveProperty("issues")
    expect(validate({ consoleToken: "a\nb", consoleUser: "7" })).toHaveProperty("issues")
  })

  it("has the model, the prompt and the time of each task, and says whether it is complete", () => {
    const item = {
      task_id: "task_1",
      submit_time: 1_762_010_622,
      properties: { input: "A fox", origin_model_name: "sora-2" }
    }
    const lost = {
      request: { model: "sora-2", input: {}, idempotencyKey: "key-1" },
      submittedAt: new Date(0),
      endedAt: new Date(0)
    }
    const decode = (body: object) => spec.recover?.decode(body, head, lost)
    expect(decode({ success: true, data: { items: [item, { task_id: 7 }, null], total: 3 } })).toEqual({
      _tag: "Tasks",
      tasks: [{ id: "task_1", model: "sora-2", prompt: "A fox", createdAt: 1_762_010_622_000 }],
      // One of the others may be the task.
      isComplete: false
    })
    expect(decode({ success: true, data: { items: [item], total: 1 } })).toMatchObject({ isComplete: true })
    expect(decode({ success: true, data: { items: [item], total: 101 } })).toMatchObject({
      isComplete: false
    })
    expect(decode({ success: false, message: "无权进行此操作，未登录且未提供 access token" })).toMatchObject({
      _tag: "Error"
    })
  })
})
