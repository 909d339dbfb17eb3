/** The documented requests and responses of submits, and notifications. */
import { describe, expect, expectTypeOf, it } from "vitest"
import { requestOf } from "@gentask/testing"
import {
  embedded,
  hostileBodies,
  outcomeOfSubmit,
  requestOfSubmit,
  sampleFile,
  validateSubmit
} from "../../../tooling/sampleSubmit.ts"
import type { SampleSubmit } from "../../../tooling/sampleSubmit.ts"
import spec, { jimeng } from "../src/index.ts"

const image = "https://files.example.com/1.png"
const file = sampleFile("a.png", "image/png")
const prompt = "A fox"

/** A submit, and the documented body. */
const requests: ReadonlyArray<readonly [SampleSubmit, object]> = [
  [
    {
      model: "jimeng_t2i_v40",
      common: { prompt, images: [image], count: 1 },
      input: { width: 2560, height: 1440, scale: 0.5 }
    },
    { prompt, image_urls: [image], width: 2560, height: 1440, scale: 0.5, force_single: true }
  ],
  [
    {
      model: "jimeng_t2i_v40",
      common: { prompt },
      input: { model: "jimeng-4.0", resolution: "2k", size: 4_194_304 }
    },
    { prompt, model: "jimeng-4.0", resolution: "2k", size: 4_194_304 }
  ],
  [
    {
      model: "jimeng_seedream46_cvtob",
      common: { prompt },
      input: { scale: 50 },
      webhook: "https://hooks.example.com/jimeng"
    },
    { prompt, scale: 50, callback_url: "https://hooks.example.com/jimeng" }
  ],
  [
    {
      model: "jimeng_i2i_v30",
      common: { prompt, images: [file], seed: -1 },
      input: { scale: 0.5, width: 1328, height: 1328 }
    },
    { prompt, binary_data_base64: [embedded(file)], scale: 0.5, seed: -1, width: 1328, height: 1328 }
  ],
  [
    {
      model: "jimeng_image2image_dream_inpaint",
      common: { prompt: "删除", images: [image, image] },
      input: { seed: 101 }
    },
    { prompt: "删除", image_urls: [image, image], seed: 101 }
  ],
  [
    {
      model: "jimeng_ti2v_v30_pro",
      common: { prompt, duration: 5, aspectRatio: "16:9", seed: -1 }
    },
    { prompt, seed: -1, frames: 121, aspect_ratio: "16:9" }
  ],
  [
    {
      model: "jimeng_i2v_first_v30",
      common: { prompt, firstFrame: file, duration: 10 }
    },
    { prompt, binary_data_base64: [embedded(file)], frames: 241 }
  ],
  [
    {
      model: "jimeng_i2v_first_tail_v30",
      common: { prompt, firstFrame: "https://first", lastFrame: "https://last", seed: -1, duration: 5 }
    },
    { prompt, image_urls: ["https://first", "https://last"], seed: -1, frames: 121 }
  ],
  [
    {
      model: "jimeng_i2v_recamera_v30",
      common: { prompt, images: [image], seed: -1, duration: 5 },
      input: { template_id: "hitchcock_dolly_in", camera_strength: "medium" }
    },
    {
      prompt,
      image_urls: [image],
      template_id: "hitchcock_dolly_in",
      camera_strength: "medium",
      seed: -1,
      frames: 121
    }
  ],
  [
    {
      model: "jimeng_dreamactor_m20_gen_video",
      common: { images: [image], videos: ["https://files.example.com/1.mp4"] },
      webhook: "https://hooks.example.com/jimeng"
    },
    {
      image_urls: [image],
      video_url: "https://files.example.com/1.mp4",
      callback_url: "https://hooks.example.com/jimeng"
    }
  ],
  [
    {
      model: "pippit_iv2v_cvtob",
      common: { prompt }
    },
    { prompt }
  ]
]

const headers = { "content-type": "application/json", accept: "application/json" }

describe("a submit in the Jimeng official format", () => {
  it.each(requests)("of %j has the documented body", (sample, body) => {
    expect(requestOfSubmit(spec, sample)).toEqual({
      method: "POST",
      path: "/jm",
      query: { Action: "CVSync2AsyncSubmitTask", Version: "2022-08-31" },
      headers,
      body: { req_key: sample.model, ...body }
    })
  })

  it("of OmniHuman has actions of its own, also for the query", () => {
    const model = "jimeng_realman_avatar_picture_omni_v15"
    const audio = "https://files.example.com/1.mp3"
    const common = { images: [image], audios: [audio], resolution: "1080p" }
    expect(requestOfSubmit(spec, { model, common, settings: { path: "/" } })).toEqual({
      method: "POST",
      path: "/",
      query: { Action: "CVSubmitTask", Version: "2022-08-31" },
      headers,
      body: { req_key: model, image_url: image, audio_url: audio, output_resolution: 1080 }
    })
    const { url } = requestOf(
      jimeng({ endpoint: "octopusx", apiKey: "key" }),
      `jimeng@octopusx:1?req_key=${model}`
    )
    expect(url.searchParams.get("Action")).toBe("CVGetResult")
  })

  it.each([
    [{ model: "jimeng_realman_avatar_object_detection" }, "has no tasks"],
    [
      { model: "jimeng_t2i_v40", common: { prompt }, webhook: "https://hooks.example.com" },
      "Unsupported webhook: the vendor documents none for jimeng_t2i_v40."
    ],
    [
      { model: "jimeng_i2i_v30", common: { prompt, images: [image, file] } },
      "Files cannot be combined with URLs"
    ],
    [{ model: "jimeng_t2v_v30", common: { prompt, duration: 7 } }, "supports 5 and 10 seconds"],
    [{ model: "jimeng_t2i_v40", common: { prompt, count: 2 } }, "Invalid count 2"]
  ])("of %j fails with a message", (sample, message) => {
    expect(() => requestOfSubmit(spec, sample)).toThrow(message)
  })

  it("leaves files to core where the vendor accepts URLs only", () => {
    expect(validateSubmit(spec, { model: "jimeng_t2i_v40", common: { prompt, images: [file] } })).toEqual({
      input: { prompt, image_urls: [file] }
    })
  })

  it.each([
    { model: "jimeng_t2i_v40", input: {} },
    { model: "jimeng_t2i_v40", input: { prompt: "x".repeat(801) } },
    { model: "jimeng_t2i_v40", input: { prompt, width: 2048 } },
    { model: "jimeng_t2i_v40", input: { prompt, width: 512, height: 512 } },
    { model: "jimeng_t2i_v40", input: { prompt, scale: 50 } },
    { model: "jimeng_t2i_v40", input: { prompt, image_urls: Array.from({ length: 11 }, () => image) } },
    { model: "jimeng_t2i_v31", input: { prompt, width: 512, height: 2000 } },
    { model: "jimeng_i2i_v30", input: { prompt } },
    { model: "jimeng_i2i_v30", input: { prompt, image_urls: [image], binary_data_base64: ["iVBORw0KGgo="] } },
    {
      model: "jimeng_i2i_v30",
      input: { prompt, binary_data_base64: ["data:image/png;base64,iVBORw0KGgo="] }
    },
    { model: "jimeng_i2i_v30", common: { prompt, images: [sampleFile("big.png", "image/png", 5_000_000)] } },
    { model: "jimeng_i2v_first_tail_v30", common: { prompt, firstFrame: image } },
    { model: "jimeng_ti2v_v30_pro", input: {} },
    { model: "jimeng_ti2v_v30_pro", input: { prompt, frames: 120 } },
    { model: "jimeng_t2v_v30", common: { prompt, images: [image] } },
    { model: "jimeng_i2v_recamera_v30", input: { prompt, image_urls: [image], template_id: "zoom" } }
  ])("rejects the input of %j", (sample) => {
    expect(validateSubmit(spec, sample)).toHaveProperty("problems")
  })

  it("has types for the inputs of each model", () => {
    const { jimeng_i2i_v30: edit } = jimeng.models
    expect(edit({ prompt, images: [new Uint8Array(1)] }, { account: "volcengine" })).toMatchObject({
      account: "jimeng@volcengine",
      model: "jimeng_i2i_v30"
    })
    expectTypeOf(jimeng.models.jimeng_t2v_v30).toBeCallableWith({ prompt, duration: 5 })
    // @ts-expect-error -- the service takes no images
    jimeng.models.jimeng_t2v_v30({ prompt, images: [image] })
    // @ts-expect-error -- the service has no such movement
    jimeng.models.jimeng_i2v_recamera_v30({ prompt, input: { template_id: "zoom" } })
  })

  it("has a JSON Schema of each model", () => {
    for (const { input } of Object.values(spec.submit?.models ?? {})) {
      const { jsonSchema } = input["~standard"] as unknown as {
        readonly jsonSchema: { readonly input: (options: { readonly target: string }) => object }
      }
      expect(jsonSchema.input({ target: "draft-2020-12" })).toMatchObject({ type: "object" })
    }
  })
})

const model = "jimeng_i2i_v30"
const success = { code: 10_000, message: "Success", request_id: "r", status: 10_000, time_elapsed: "1ms" }

describe("the response to a submit in the Jimeng official format", () => {
  it.each([
    [{ ...success, data: { task_id: "7392616336519610409" } }, 200],
    [{ ...success, data: { task_id: "7392616336519610409", status: "submitted" } }, 200],
    [{ id: "x", task_id: "7392616336519610409", status: "queued" }, 200],
    [{ code: 50_215, data: { task_id: "7392616336519610409" }, message: "no" }, 400]
  ])("is accepted with a task id: %j in HTTP %i", (body, status) => {
    expect(outcomeOfSubmit(spec, model, body, status)).toMatchObject({
      _tag: "Accepted",
      tasks: [{ id: "7392616336519610409", params: { req_key: model } }]
    })
  })

  it.each([
    [50_429, 429, "later"],
    [50_430, 429, "after-task-end"],
    [50_430, 200, "after-task-end"],
    [50_430, 400, "after-task-end"]
  ])("with the code %i in HTTP %i may be repeated %s", (code, status, when) => {
    expect(
      outcomeOfSubmit(spec, model, { code, data: null, message: "limit", request_id: "r" }, status)
    ).toEqual({
      _tag: "Retryable",
      when,
      reason: { _tag: "RateLimited", code: String(code), message: "limit", requestId: "r" }
    })
  })

  it.each([
    [50_400, 401, "Forbidden"],
    [50_200, 400, "InvalidRequest"],
    [50_204, 400, "InvalidRequest"],
    [50_215, 400, "InvalidRequest"],
    [50_218, 400, "InvalidRequest"],
    [50_411, 400, "InvalidRequest"],
    [50_412, 400, "InvalidRequest"],
    [50_413, 200, "InvalidRequest"],
    [50_511, 400, "InvalidRequest"],
    [50_513, 400, "InvalidRequest"],
    [50_514, 400, "InvalidRequest"],
    [50_518, 400, "InvalidRequest"],
    [50_520, 400, "InvalidRequest"]
  ])("with the code %i in HTTP %i is rejected as %s", (code, status, reason) => {
    expect(outcomeOfSubmit(spec, model, { code, data: null, message: "no" }, status)).toMatchObject({
      _tag: "Rejected",
      reason: { _tag: reason, code: String(code), message: "no" }
    })
  })

  it.each([
    [50_500, 500, "Unavailable"],
    [50_501, 500, "Unavailable"],
    [50_500, 200, "Unavailable"],
    [50_430, 500, "RateLimited"],
    [10_001, 200, "UnexpectedResponse"]
  ])("with the code %i in HTTP %i has an unknown outcome: %s", (code, status, reason) => {
    const body = { code, data: { status: "failed" }, message: "no" }
    expect(outcomeOfSubmit(spec, model, body, status)).toMatchObject({
      _tag: "UnknownOutcome",
      reason: { _tag: reason, message: "no" }
    })
  })

  it.each([
    ["SignatureDoesNotMatch", 401, "Rejected", "Unauthorized"],
    ["AccessDenied", 403, "Rejected", "Forbidden"],
    ["InvalidTimestamp", 400, "Rejected", "InvalidRequest"],
    ["Unheard", 403, "Rejected", "Forbidden"],
    ["50430", 429, "Retryable", "RateLimited"]
  ])("with the gateway's error %s in HTTP %i is %s: %s", (Code, status, tag, reason) => {
    const body = { ResponseMetadata: { RequestId: "r", Error: { Code, Message: "no" } } }
    expect(outcomeOfSubmit(spec, model, body, status)).toMatchObject({
      _tag: tag,
      reason: { _tag: reason, requestId: "r" }
    })
  })

  it("of a relay about an empty account is rejected", () => {
    const body = { code: "insufficient_user_quota", message: "用户额度不足", data: null }
    expect(outcomeOfSubmit(spec, model, body, 403)).toMatchObject({
      _tag: "Rejected",
      reason: { _tag: "InsufficientCredits" }
    })
    for (const status of [429, 500]) expect(outcomeOfSubmit(spec, model, body, status)).toBeUndefined()
  })

  it("with an unknown error is left to the status", () => {
    const gateway = { ResponseMetadata: { RequestId: "r", Error: { Code: "Unheard", Message: "no" } } }
    for (const [body, status] of [
      [{ code: 10_001, message: "no" }, 400],
      [{ code: "x", message: "no" }, 429],
      [gateway, 500]
    ] as const)
      expect(outcomeOfSubmit(spec, model, body, status)).toBeUndefined()
  })

  it("is never accepted and never repeated without a task id", () => {
    for (const body of hostileBodies) {
      expect([undefined, "UnknownOutcome"]).toContain(outcomeOfSubmit(spec, model, body)?._tag)
      for (const status of [400, 429, 500, 503])
        expect(outcomeOfSubmit(spec, model, body, status)).toBeUndefined()
    }
  })
})

describe("a notification of Volcengine", () => {
  it("has the task id at its top level", () => {
    const read = (body: unknown) => {
      const result = spec.webhook?.response["~standard"].validate(body)
      if (result === undefined || result instanceof Promise || result.issues !== undefined) return undefined
      return spec.webhook?.decode(result.value, { headers: {}, text: "", receivedAt: new Date(0) })
    }
    expect(read({ ...success, task_id: "7392616336519610409", data: { status: "done" } })).toEqual({
      _tag: "TaskUpdated",
      task: { id: "7392616336519610409" }
    })
    expect(read({ code: 50_215, task_id: "1", data: { resp_data: "" } })).toMatchObject({ task: { id: "1" } })
    for (const body of [{}, { task_id: 7 }, { data: { task_id: "1" } }])
      expect(read(body)).toEqual({ _tag: "Ignored" })
    expect(read("x")).toBeUndefined()
    expect(spec.webhook?.verify).toBeUndefined()
  })
})
