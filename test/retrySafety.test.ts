/** Which responses to a submit mean that the vendor has created a task, has not, or may have: row by row. */
import { decodeSubmit } from "@gentask/core/internal/submit"
import type { ProviderSpec, SubmitOutcome } from "@gentask/core/provider"
import aigptimageSpec from "@gentask/provider-aigptimage"
import bflSpec from "@gentask/provider-bfl"
import comfyuiSpec from "@gentask/provider-comfyui"
import falSpec from "@gentask/provider-fal"
import geminiSpec from "@gentask/provider-gemini"
import arkSpec from "@gentask/provider-ark"
import dashscopeSpec from "@gentask/provider-dashscope"
import jimengSpec from "@gentask/provider-jimeng"
import jimmySpec from "@gentask/provider-jimmy"
import openrouterSpec from "@gentask/provider-openrouter"
import replicateSpec from "@gentask/provider-replicate"
import runwaySpec from "@gentask/provider-runway"
import klingSpec from "@gentask/provider-kling"
import minimaxSpec from "@gentask/provider-minimax"
import soraSpec from "@gentask/provider-sora"
import { describe, expect, it } from "vitest"

const vendors = {
  replicate: { spec: replicateSpec, model: "black-forest-labs/flux-schnell" },
  runway: { spec: runwaySpec, model: "text_to_video/happyhorse_1_0" },
  jimmy: { spec: jimmySpec, model: "gpt-image-2" },
  sora: { spec: soraSpec, model: "sora-2" },
  relay: { spec: jimengSpec, model: "jimeng_t2i_v40" },
  volcengine: { spec: jimengSpec, model: "jimeng_t2i_v40" },
  aigptimage: { spec: aigptimageSpec, model: "gpt-image-2-text-to-image" },
  kie: { spec: aigptimageSpec, model: "nano-banana-2" },
  bfl: { spec: bflSpec, model: "flux-2-pro" },
  fal: { spec: falSpec, model: "fal-ai/flux/dev" },
  gemini: { spec: geminiSpec, model: "veo-3.1-generate-preview" },
  openrouter: { spec: openrouterSpec, model: "google/veo-3.1" },
  comfyui: { spec: comfyuiSpec, model: "portrait" },
  ark: { spec: arkSpec, model: "doubao-seedance-1-5-pro-251215" },
  dashscope: { spec: dashscopeSpec, model: "qwen-image" },
  kling: { spec: klingSpec, model: "text-to-video/kling-3.0" },
  minimax: { spec: minimaxSpec, model: "MiniMax-Hailuo-2.3" },
  "minimax v2": { spec: minimaxSpec, model: "MiniMax-H3" }
} satisfies Readonly<Record<string, { readonly spec: ProviderSpec; readonly model: string }>>

type Vendor = keyof typeof vendors

const decode = (vendor: Vendor, status: number, body: unknown): SubmitOutcome => {
  const { spec, model }: { readonly spec: ProviderSpec; readonly model: string } = vendors[vendor]
  if (spec.submit === undefined) throw new Error(vendor)
  return decodeSubmit(
    spec.submit,
    { model, input: { prompt: "A fox" }, idempotencyKey: "key-1" },
    {
      status,
      headers: { "content-type": typeof body === "string" ? "text/html" : "application/json" },
      text: typeof body === "string" ? body : JSON.stringify(body),
      at: 0,
      secrets: "sk-0123456789"
    },
    spec.errors
  )
}

/** The vendors' own errors. */
const ofReplicate = (status: number, detail = "no") => ({ title: "no", detail, status })
const ofRunway = (error: string) => ({ error })
const ofJimmy = (code: string | number, msg = "no") => ({ code, msg, data: null })
const ofRelay = (code: string, message = "no") => ({ code, message, data: null })
const ofMiddleware = (code: string, message = "no") => ({ error: { message, type: "new_api_error", code } })
const ofVisual = (code: number) => ({ code, data: null, message: "no", request_id: "r", status: code })
const ofJobs = (code: number) => ({ code, msg: "no", data: null })
const ofBfl = (error: string) => ({ error, message: "no" })
const ofComfyui = (type: string) => ({ error: { type, message: "no", details: "" }, node_errors: {} })
const ofFal = (type: string) => ({ detail: [{ loc: ["body"], msg: "no", type }] })
const ofFalQueue = (detail: string) => ({ detail })
const ofGoogle = (code: number, reason = "OTHER") => ({
  error: { code, message: "no", details: [{ reason }] }
})
const ofOpenrouter = (code: number) => ({ error: { code, message: "no" } })
const ofArk = (code: string) => ({ error: { code, message: "no", param: "", type: "x" } })
const ofDashscope = (code: string) => ({ code, message: "no", request_id: "r" })

const ofKling = (code: number) => ({ code, message: "no", request_id: "r" })
const ofMinimax = (code: number) => ({ base_resp: { status_code: code, status_msg: "no" } })
const ofMinimax2 = (code: number) => ({ type: "error", error: { type: "x", message: `no (${code})` } })

const saturated = "当前分组上游负载已饱和，请稍后再试"

const rejections: ReadonlyArray<readonly [Vendor, number, object, string]> = [
  // The input is invalid.
  ["replicate", 422, ofReplicate(422), "InvalidRequest"],
  ["replicate", 404, ofReplicate(404), "InvalidRequest"],
  ["runway", 400, ofRunway("Validation of body failed"), "InvalidRequest"],
  ["runway", 404, ofRunway("Not found"), "InvalidRequest"],
  ["jimmy", 200, ofJimmy("20002"), "InvalidRequest"],
  ["jimmy", 400, ofJimmy(20_002), "InvalidRequest"],
  ["jimmy", 422, ofJimmy(1), "InvalidRequest"],
  ["sora", 400, ofRelay("invalid_request"), "InvalidRequest"],
  ["sora", 422, ofMiddleware("x"), "InvalidRequest"],
  ["sora", 404, ofMiddleware("model_not_found"), "InvalidRequest"],
  ["relay", 400, ofRelay("invalid_request"), "InvalidRequest"],
  ["volcengine", 400, ofVisual(50_215), "InvalidRequest"],
  ["volcengine", 400, ofVisual(50_413), "InvalidRequest"],
  ["aigptimage", 400, ofJobs(400), "InvalidRequest"],
  ["aigptimage", 422, ofJobs(422), "InvalidRequest"],
  ["kie", 200, ofJobs(422), "InvalidRequest"],
  ["kie", 200, ofJobs(404), "InvalidRequest"],
  ["kling", 400, ofKling(1201), "InvalidRequest"],
  ["kling", 400, ofKling(1301), "InvalidRequest"],
  ["kling", 404, ofKling(1203), "InvalidRequest"],
  ["minimax", 200, ofMinimax(2013), "InvalidRequest"],
  ["minimax", 200, ofMinimax(1026), "InvalidRequest"],
  ["minimax v2", 400, ofMinimax2(2013), "InvalidRequest"],
  ["minimax v2", 422, ofMinimax2(1026), "InvalidRequest"],
  ["gemini", 400, ofGoogle(400), "InvalidRequest"],
  ["openrouter", 400, ofOpenrouter(400), "InvalidRequest"],
  ["ark", 400, ofArk("InvalidParameter"), "InvalidRequest"],
  ["ark", 400, ofArk("InputTextSensitiveContentDetected"), "InvalidRequest"],
  ["ark", 404, ofArk("InvalidEndpointOrModel.NotFound"), "InvalidRequest"],
  ["dashscope", 400, ofDashscope("InvalidParameter"), "InvalidRequest"],
  ["dashscope", 404, ofDashscope("ModelNotFound"), "InvalidRequest"],
  // The key is rejected.
  ["replicate", 401, ofReplicate(401), "Unauthorized"],
  ["runway", 401, ofRunway("The API key is invalid"), "Unauthorized"],
  ["jimmy", 200, ofJimmy("20001"), "Unauthorized"],
  ["jimmy", 403, ofJimmy(1), "Forbidden"],
  ["sora", 401, ofMiddleware("", "无效的令牌"), "Unauthorized"],
  ["relay", 401, ofMiddleware("", "无效的令牌"), "Unauthorized"],
  ["volcengine", 401, ofVisual(50_400), "Forbidden"],
  ["aigptimage", 401, ofJobs(401), "Unauthorized"],
  ["kie", 200, ofJobs(401), "Unauthorized"],
  ["kling", 401, ofKling(1000), "Unauthorized"],
  ["kling", 401, ofKling(1004), "Unauthorized"],
  ["kling", 403, ofKling(1103), "Forbidden"],
  ["minimax", 200, ofMinimax(1004), "Unauthorized"],
  ["minimax", 200, ofMinimax(2049), "Unauthorized"],
  ["minimax v2", 401, ofMinimax2(1004), "Unauthorized"],
  ["gemini", 400, ofGoogle(400, "API_KEY_INVALID"), "Unauthorized"],
  ["gemini", 403, ofGoogle(403), "Forbidden"],
  ["openrouter", 401, ofOpenrouter(401), "Unauthorized"],
  ["ark", 401, ofArk("AuthenticationError"), "Unauthorized"],
  ["ark", 404, ofArk("ModelNotOpen"), "Forbidden"],
  ["dashscope", 401, ofDashscope("InvalidApiKey"), "Unauthorized"],
  // The account is empty.
  ["replicate", 402, ofReplicate(402), "InsufficientCredits"],
  ["runway", 400, ofRunway("You do not have enough credits to run this task."), "InsufficientCredits"],
  ["jimmy", 200, ofJimmy(1, "余额不足"), "InsufficientCredits"],
  ["jimmy", 200, ofJimmy("20002", "余额不足"), "InsufficientCredits"],
  ["sora", 403, ofRelay("insufficient_user_quota"), "InsufficientCredits"],
  ["relay", 403, ofRelay("insufficient_user_quota"), "InsufficientCredits"],
  ["aigptimage", 402, ofJobs(402), "InsufficientCredits"],
  ["kie", 200, ofJobs(402), "InsufficientCredits"],
  ["kie", 200, ofJobs(433), "InsufficientCredits"],
  ["kling", 429, ofKling(1101), "InsufficientCredits"],
  ["kling", 429, ofKling(1102), "InsufficientCredits"],
  ["minimax", 200, ofMinimax(1008), "InsufficientCredits"],
  ["minimax v2", 402, ofMinimax2(1008), "InsufficientCredits"],
  ["openrouter", 402, ofOpenrouter(402), "InsufficientCredits"],
  ["ark", 403, ofArk("AccountOverdueError"), "InsufficientCredits"],
  ["ark", 429, ofArk("SetLimitExceeded"), "InsufficientCredits"],
  ["dashscope", 400, ofDashscope("Arrearage"), "InsufficientCredits"],
  // A rate limit of a vendor that does not document that nothing was created.
  ["jimmy", 429, ofJimmy(1), "RateLimited"],
  ["sora", 429, ofRelay("x", saturated), "RateLimited"],
  ["relay", 429, ofRelay("x", saturated), "RateLimited"],
  ["minimax", 200, ofMinimax(2056), "RateLimited"],
  ["gemini", 429, ofGoogle(429), "RateLimited"],
  ["openrouter", 429, ofOpenrouter(429), "RateLimited"],
  ["ark", 429, ofArk("QuotaExceeded"), "RateLimited"],
  ["dashscope", 429, ofDashscope("Throttling.AllocationQuota"), "RateLimited"],
  // Maintenance, and disabled features.
  ["kie", 200, ofJobs(455), "Unavailable"],
  ["kie", 200, ofJobs(505), "Forbidden"],
  // Vendors that use HTTP statuses.
  ["bfl", 400, ofBfl("validation_error"), "InvalidRequest"],
  ["bfl", 401, ofBfl("invalid_api_key"), "Unauthorized"],
  ["bfl", 402, ofBfl("insufficient_credits"), "InsufficientCredits"],
  ["bfl", 403, { detail: "Not authenticated" }, "Unauthorized"],
  ["comfyui", 400, ofComfyui("prompt_no_outputs"), "InvalidRequest"],
  ["comfyui", 400, { error: "no prompt", node_errors: [] }, "InvalidRequest"],
  ["fal", 422, ofFal("missing"), "InvalidRequest"],
  ["fal", 401, ofFalQueue("invalid key credentials"), "Unauthorized"],
  ["fal", 403, ofFalQueue("User is locked. Reason: Exhausted balance."), "InsufficientCredits"],
  ["fal", 403, ofFalQueue("User is locked. Reason: Admin lock."), "Forbidden"],
  ["fal", 429, ofFalQueue("Queue is full"), "RateLimited"]
]

const repeatable: ReadonlyArray<readonly [Vendor, number, object, "later" | "after-task-end"]> = [
  ["replicate", 429, ofReplicate(429, "Request was throttled. Your rate limit resets in ~30s."), "later"],
  ["runway", 429, ofRunway("You have exceeded the rate limit for this endpoint."), "later"],
  ["volcengine", 429, ofVisual(50_429), "later"],
  ["volcengine", 429, ofVisual(50_430), "after-task-end"],
  ["relay", 429, ofVisual(50_429), "later"],
  ["relay", 200, ofVisual(50_430), "after-task-end"],
  ["aigptimage", 429, ofJobs(429), "later"],
  ["kie", 429, ofJobs(429), "later"],
  ["kie", 200, ofJobs(429), "later"],
  ["bfl", 429, ofBfl("rate_limit_exceeded"), "later"],
  ["ark", 429, ofArk("RateLimitExceeded.EndpointRPMExceeded"), "later"],
  ["ark", 429, ofArk("ServerOverloaded"), "later"],
  ["dashscope", 429, ofDashscope("Throttling.RateQuota"), "later"],
  ["kling", 429, ofKling(1302), "later"],
  ["kling", 429, ofKling(1303), "after-task-end"],
  ["minimax", 200, ofMinimax(1002), "later"],
  ["minimax", 200, ofMinimax(2045), "later"],
  ["minimax v2", 429, ofMinimax2(1002), "later"]
]

const unknown: ReadonlyArray<readonly [Vendor, number, object]> = [
  ["replicate", 500, ofReplicate(500)],
  ["runway", 503, ofRunway("Service unavailable")],
  ["jimmy", 200, ofJimmy("-1")],
  ["jimmy", 500, ofJimmy(-1)],
  ["sora", 500, ofRelay("do_request_failed")],
  ["sora", 500, ofRelay("x", saturated)],
  ["sora", 503, ofMiddleware("")],
  ["relay", 500, ofRelay("do_request_failed")],
  ["relay", 200, ofVisual(10_001)],
  ["volcengine", 500, ofVisual(50_500)],
  ["volcengine", 500, ofVisual(50_501)],
  ["aigptimage", 500, ofJobs(500)],
  ["kie", 500, ofJobs(500)],
  ["kie", 200, ofJobs(500)],
  ["kie", 200, ofJobs(501)],
  ["bfl", 500, ofBfl("internal_error")],
  ["bfl", 503, { detail: "Service Unavailable" }],
  ["comfyui", 500, { error: "no" }],
  ["fal", 500, { detail: "no", error_type: "internal_error" }],
  ["fal", 504, { detail: "no", error_type: "request_timeout" }],
  ["gemini", 500, ofGoogle(500, "API_KEY_INVALID")],
  ["gemini", 503, ofGoogle(503)],
  ["openrouter", 500, ofOpenrouter(500)],
  ["openrouter", 502, ofOpenrouter(502)],
  ["ark", 500, ofArk("InternalServiceError")],
  ["ark", 500, ofArk("AccountOverdueError")],
  ["dashscope", 500, ofDashscope("InternalError")],
  ["kling", 500, ofKling(5000)],
  ["kling", 503, ofKling(5001)],
  ["kling", 504, ofKling(5002)],
  ["kling", 500, ofKling(1201)],
  ["minimax", 200, ofMinimax(1000)],
  ["minimax", 200, ofMinimax(1024)],
  ["minimax v2", 500, ofMinimax2(1000)]
]

const accepted: Readonly<Record<Vendor, object>> = {
  replicate: { id: "t1", status: "starting" },
  runway: { id: "t1", estimatedCost: { credits: 5 } },
  jimmy: { code: "20000", msg: "ok", data: { task_id: "t1", status: "queued" } },
  sora: { id: "t1", status: "pending" },
  relay: { code: 10_000, data: { task_id: "t1" }, message: "Success" },
  volcengine: { code: 10_000, data: { task_id: "t1" }, message: "Success" },
  aigptimage: { code: 200, msg: "success", data: { taskId: "t1" } },
  kie: { code: 200, msg: "success", data: { taskId: "t1" } },
  bfl: { id: "t1", polling_url: "https://api.us.bfl.ai/v1/get_result?id=t1" },
  fal: { request_id: "t1", gateway_request_id: "t1" },
  gemini: { name: "t1" },
  openrouter: { id: "t1", status: "pending" },
  comfyui: { prompt_id: "t1", number: 1, node_errors: {} },
  ark: { id: "t1" },
  dashscope: { output: { task_id: "t1", task_status: "PENDING" }, request_id: "r" },
  kling: { code: 0, message: "SUCCEED", request_id: "r", data: { id: "t1", status: "submitted" } },
  minimax: { task_id: "t1", base_resp: { status_code: 0, status_msg: "success" } },
  "minimax v2": { task_id: "t1" }
}

const withoutId: Readonly<Record<Vendor, object>> = {
  replicate: { status: "starting" },
  runway: { estimatedCost: { credits: 5 } },
  jimmy: { code: "20000", msg: "ok", data: { status: "queued" } },
  sora: { status: "pending" },
  relay: { code: 10_000, data: null, message: "Success" },
  volcengine: { code: 10_000, data: { task_id: "" }, message: "Success" },
  aigptimage: { code: 200, msg: "success", data: null },
  kie: { code: 200, msg: "success", data: {} },
  bfl: { polling_url: "https://api.us.bfl.ai/v1/get_result?id=t1" },
  fal: { gateway_request_id: "t1" },
  gemini: {},
  openrouter: { status: "pending" },
  comfyui: { number: 1, node_errors: {} },
  ark: {},
  dashscope: { output: { task_status: "PENDING" }, request_id: "r" },
  kling: { code: 0, message: "SUCCEED", request_id: "r", data: {} },
  minimax: { task_id: "", base_resp: { status_code: 0, status_msg: "success" } },
  "minimax v2": { task_id: null }
}

describe("the response to a submit", () => {
  it.each(rejections)("of %s in HTTP %i %j is rejected as %s", (vendor, status, body, reason) => {
    expect(decode(vendor, status, body)).toMatchObject({ _tag: "Rejected", reason: { _tag: reason } })
  })

  it.each(repeatable)("of %s in HTTP %i %j may be repeated %s", (vendor, status, body, when) => {
    expect(decode(vendor, status, body)).toMatchObject({ _tag: "Retryable", when })
  })

  it.each(unknown)("of %s in HTTP %i %j has an unknown outcome", (vendor, status, body) => {
    expect(decode(vendor, status, body)).toMatchObject({ _tag: "UnknownOutcome" })
  })
})

describe.each(Object.keys(vendors) as ReadonlyArray<Vendor>)("the response of %s", (vendor) => {
  it("is accepted with a task id, whatever its status is", () => {
    for (const status of [200, 201, 400, 402, 409, 429, 500, 502])
      expect(decode(vendor, status, accepted[vendor])).toMatchObject({
        _tag: "Accepted",
        tasks: [{ id: "t1" }]
      })
  })

  it("is accepted with a task id beside the vendor's own error", () => {
    const [, , error] = rejections.find(([each]) => each === vendor) ?? rejections[0]!
    for (const status of [400, 500])
      expect(
        decode(vendor, status, {
          ...accepted[vendor],
          ...error,
          data: (accepted[vendor] as { data?: object }).data
        })
      ).toMatchObject({ _tag: "Accepted", tasks: [{ id: "t1" }] })
  })

  it("has an unknown outcome if it is a gateway's page", () => {
    for (const status of [200, 408, 500, 502, 503, 504, 520, 522, 524])
      for (const body of ["<html><title>Bad Gateway</title></html>", ""])
        expect(decode(vendor, status, body)).toMatchObject({ _tag: "UnknownOutcome" })
  })

  it("has an unknown outcome without a task id in HTTP 200", () => {
    expect(decode(vendor, 200, withoutId[vendor])).toMatchObject({ _tag: "UnknownOutcome" })
  })

  it("is not repeated in a gateway's 429", () => {
    for (const body of ["<html>429</html>", "", { message: "slow down" }])
      expect(decode(vendor, 429, body)).toMatchObject({ _tag: "Rejected", reason: { _tag: "RateLimited" } })
  })
})
