/** The documented requests and responses of submits, uploads and balances, and notifications. */
import { createHmac } from "node:crypto"
import { resolveAccount } from "@gentask/core/internal"
import { describe, expect, expectTypeOf, it } from "vitest"
import {
  hostileBodies,
  outcomeOfSubmit,
  requestOfSubmit,
  sampleFile,
  validateSubmit
} from "../../../tooling/sampleSubmit.ts"
import type { SampleSubmit } from "../../../tooling/sampleSubmit.ts"
import spec, { aigptimage } from "../src/index.ts"

const image = "https://files.example.com/1.png"
const kie = { vendor: "kie" } as const
const free = { tier: "free", vendor: "aigptimage" } as const
const atKie = { tier: "free", vendor: "kie" } as const
const prompt = "A fox"

/** A submit, and the documented body. */
const requests: ReadonlyArray<readonly [SampleSubmit, object]> = [
  [
    {
      model: "gpt-image-2-text-to-image",
      common: { prompt, aspectRatio: "1:1", resolution: "1K" }
    },
    { input: { prompt, aspect_ratio: "1:1", resolution: "1K" } }
  ],
  [
    { model: "gpt-image-2-image-to-image", common: { prompt, images: [image] } },
    { input: { prompt, input_urls: [image] } }
  ],
  [
    {
      model: "nano-banana-2",
      common: { prompt, images: [image], aspectRatio: "16:9", resolution: "2K" },
      input: { output_format: "jpg" },
      settings: kie,
      webhook: "https://hooks.example.com/kie"
    },
    {
      callBackUrl: "https://hooks.example.com/kie",
      input: { prompt, image_input: [image], aspect_ratio: "16:9", resolution: "2K", output_format: "jpg" }
    }
  ],
  [
    {
      model: "kling-3.0/video",
      common: { prompt, firstFrame: image, duration: 5, aspectRatio: "16:9" },
      input: { mode: "pro", sound: false, multi_shots: false, multi_prompt: [] },
      settings: kie
    },
    {
      input: {
        prompt,
        image_urls: [image],
        duration: "5",
        mode: "pro",
        aspect_ratio: "16:9",
        sound: false,
        multi_shots: false,
        multi_prompt: []
      }
    }
  ],
  [
    {
      model: "bytedance/seedance-2",
      common: { prompt, firstFrame: image, resolution: "720p", duration: 5, aspectRatio: "16:9" },
      input: { generate_audio: true },
      settings: kie
    },
    {
      input: {
        prompt,
        first_frame_url: image,
        resolution: "720p",
        duration: 5,
        aspect_ratio: "16:9",
        generate_audio: true
      }
    }
  ],
  [
    {
      model: "recraft/remove-background",
      common: { images: [image] },
      settings: kie
    },
    { input: { image } }
  ],
  [
    { model: "someone/newer", common: { prompt }, input: { size: 7 }, settings: kie },
    { input: { prompt, size: 7 } }
  ]
]

describe("a submit in the jobs format", () => {
  it.each(requests)("of %j has the documented body", (sample, body) => {
    expect(requestOfSubmit(spec, sample)).toEqual({
      method: "POST",
      path: "/api/v1/jobs/createTask",
      body: { model: sample.model, ...body }
    })
  })

  it("has an idempotency key at aigptimage.com only", () => {
    expect(spec.submit?.idempotency?.(free)).toEqual({
      header: "x-request-id",
      kind: "replay",
      docs: "https://aigptimage.com/docs/tasks/create-task"
    })
    expect(spec.submit?.idempotency?.(atKie)).toBeUndefined()
  })

  it.each([
    ["free", 1, 10, 1],
    ["basic", 5, 180, 5],
    ["standard", 10, 600, 15],
    ["pro", 20, 1200, 30],
    ["ultra", 50, 3000, 80],
    ["enterprise", 100, 6000, 300]
  ] as const)("has the limits of the tier %s", (tier, second, minute, activeTasks) => {
    const settings = { tier, vendor: "aigptimage" } as const
    expect(spec.submit?.rateLimits?.(settings)).toEqual([
      { requests: second, windowMs: 1000 },
      { requests: minute, windowMs: 60_000 }
    ])
    expect(spec.submit?.maxActiveTasks?.(settings)).toBe(activeTasks)
  })

  it("has the limits of kie.ai", () => {
    expect(spec.submit?.rateLimits?.(atKie)).toEqual([{ requests: 20, windowMs: 10_000 }])
    expect(spec.submit?.maxActiveTasks?.(atKie)).toBeUndefined()
    expect(spec.rateLimits?.(atKie)).toEqual([{ requests: 10, windowMs: 1000 }])
  })

  it("follows the rules of kie.ai at its endpoint", () => {
    expect(resolveAccount(aigptimage({ endpoint: "kie", apiKey: "key" })).settings).toEqual(atKie)
    expect(resolveAccount(aigptimage({ apiKey: "key" })).settings).toEqual(free)
    expect(spec.endpoints.kie.hosts).toEqual(["kieai.redpandaai.co"])
  })

  it("rejects a webhook that aigptimage.com does not document", () => {
    expect(() =>
      requestOfSubmit(spec, {
        model: "gpt-image-2-text-to-image",
        common: { prompt },
        webhook: "https://hooks.example.com"
      })
    ).toThrow("Unsupported webhook: aigptimage.com documents none.")
  })

  it.each<SampleSubmit>([
    { model: "gpt-image-2-text-to-image", input: {} },
    { model: "gpt-image-2-text-to-image", input: { prompt: "x".repeat(20_001) } },
    { model: "gpt-image-2-text-to-image", input: { prompt, resolution: "2K" } },
    { model: "gpt-image-2-text-to-image", input: { prompt, resolution: "4K", aspect_ratio: "1:1" } },
    { model: "gpt-image-2-text-to-image", input: { prompt, resolution: "2K", aspect_ratio: "5:4" } },
    { model: "gpt-image-2-image-to-image", input: { prompt } },
    { model: "gpt-image-2-image-to-image", input: { prompt, input_urls: ["data:image/png;base64,AA=="] } },
    { model: "google/nano-banana-edit", common: { prompt } },
    {
      model: "nano-banana-2",
      common: { prompt, images: [sampleFile("big.png", "image/png", 31 * 1024 * 1024)] }
    },
    { model: "nano-banana-2", input: { prompt, image_urls: [image] } },
    { model: "nano-banana-2", common: { prompt, duration: 5 } },
    { model: "kling-2.6/text-to-video", input: { prompt, duration: 5, sound: true, aspect_ratio: "1:1" } },
    { model: "bytedance/seedance-2", common: { prompt, duration: 16 } },
    { model: "bytedance/seedance-2-5", common: { prompt, lastFrame: image } },
    { model: "bytedance/seedance-2-5", common: { prompt, firstFrame: image, images: [image] } },
    {
      model: "hailuo/2-3-image-to-video-pro",
      common: { prompt, firstFrame: image, duration: 10, resolution: "1080P" }
    }
  ])("rejects the input of %j", (sample) => {
    expect(validateSubmit(spec, sample)).toHaveProperty("problems")
  })

  it("has types for the inputs of each model", () => {
    const { models } = aigptimage
    expect(models["nano-banana-2"]({ prompt, images: [{ path: "a.png" }] }, { account: "kie" })).toEqual({
      account: "aigptimage@kie",
      model: "nano-banana-2",
      prompt,
      images: [{ path: "a.png" }]
    })
    expectTypeOf(models["kling-3.0/video"]).toBeCallableWith({ prompt, duration: 5, input: { mode: "pro" } })
    // @ts-expect-error -- the model has no duration
    models["nano-banana-2"]({ prompt, duration: 5 })
    // @ts-expect-error -- the model has no such resolution
    models["nano-banana-2"]({ prompt, input: { resolution: "8K" } })
    // @ts-expect-error -- the vendor's duration is text
    models["kling-3.0/video"]({ prompt, input: { duration: 5 } })
  })

  it("has a JSON Schema of each model", () => {
    const models = Object.values(spec.submit?.models ?? {})
    expect(models.length).toBeGreaterThan(120)
    for (const { input } of models) {
      const { jsonSchema } = input["~standard"] as unknown as {
        readonly jsonSchema: { readonly input: (options: { readonly target: string }) => object }
      }
      expect(jsonSchema.input({ target: "draft-2020-12" })).toMatchObject({ type: "object" })
    }
  })

  it("translates common inputs to fields that the model has", () => {
    for (const [name, model] of Object.entries(spec.submit?.models ?? {})) {
      const { names } = model as unknown as { readonly names: Readonly<Record<string, unknown>> }
      const { jsonSchema } = model.input["~standard"] as unknown as {
        readonly jsonSchema: { readonly input: (options: { readonly target: string }) => unknown }
      }
      const schema = jsonSchema.input({ target: "draft-2020-12" }) as { readonly properties: object }
      const targets = Object.values(names).map((each) =>
        typeof each === "string" ? each : (each as { readonly name: string }).name
      )
      expect([name, ...Object.keys(schema.properties)]).toEqual(expect.arrayContaining(targets))
    }
  })
})

const model = "nano-banana-2"

describe("the response to a submit in the jobs format", () => {
  it.each([
    [{ code: 200, msg: "success", data: { taskId: "task_1" } }, 200],
    [{ code: 422, msg: "no", data: { taskId: "task_1" } }, 422],
    [{ code: 500, msg: "no", data: { taskId: "task_1" } }, 500]
  ])("is accepted with a task id: %j in HTTP %i", (body, status) => {
    expect(outcomeOfSubmit(spec, model, body, status)).toMatchObject({
      _tag: "Accepted",
      tasks: [{ id: "task_1" }]
    })
  })

  it.each([
    [400, "Rejected", "InvalidRequest"],
    [401, "Rejected", "Unauthorized"],
    [402, "Rejected", "InsufficientCredits"],
    [404, "Rejected", "InvalidRequest"],
    [422, "Rejected", "InvalidRequest"],
    [429, "Retryable", "RateLimited"],
    [433, "Rejected", "InsufficientCredits"],
    [455, "Rejected", "Unavailable"],
    [500, "UnknownOutcome", "Unavailable"],
    [501, "UnknownOutcome", "Unavailable"],
    [505, "Rejected", "Forbidden"]
  ])("with the code %i in HTTP 200 is %s: %s", (code, tag, reason) => {
    const expected = { _tag: tag, reason: { _tag: reason, code: String(code), message: "no" } }
    expect(outcomeOfSubmit(spec, model, { code, msg: "no", data: null })).toMatchObject(expected)
    expect(outcomeOfSubmit(spec, model, { code: String(code), message: "no" })).toMatchObject(expected)
    const status = code === 433 || code === 505 ? 400 : code
    expect(outcomeOfSubmit(spec, model, { code, msg: "no", data: null }, status)).toMatchObject(expected)
  })

  it("with a rate limit may be repeated after the documented wait", () => {
    const data = { retryAfter: 17, limit: 180, tier: "basic", windowSeconds: 60 }
    expect(outcomeOfSubmit(spec, model, { code: 429, msg: "rate limit exceeded", data }, 429)).toMatchObject({
      _tag: "Retryable",
      when: "later",
      reason: { _tag: "RateLimited", retryAfterMs: 17_000 }
    })
  })

  it("is never repeated in another HTTP error", () => {
    for (const status of [400, 403, 500, 502, 503])
      expect(outcomeOfSubmit(spec, model, { code: 429, msg: "no" }, status)).toBeUndefined()
  })

  it("is never accepted and never repeated without a task id", () => {
    for (const body of hostileBodies) {
      expect([undefined, "UnknownOutcome"]).toContain(outcomeOfSubmit(spec, model, body)?._tag)
      for (const status of [400, 403, 500, 502, 524])
        expect(outcomeOfSubmit(spec, model, body, status)).toBeUndefined()
    }
  })
})

const head = { status: 200, headers: {} }

describe("an upload to kie.ai", () => {
  const file = sampleFile("a.png", "image/png")
  const decode = (body: object) => spec.upload?.decode(body, head, file)

  it("is a multipart form to the host of uploads, and impossible at aigptimage.com", () => {
    expect(spec.upload?.request(file, atKie, model)).toEqual({
      method: "POST",
      host: "kieai.redpandaai.co",
      path: "/api/file-stream-upload",
      multipart: [
        { name: "uploadPath", value: "gentask" },
        { name: "file", file }
      ]
    })
    expect(spec.upload?.request(file, free, model)).toBeUndefined()
  })

  it("returns the download URL, or the reason of the error", () => {
    expect(
      decode({ success: true, code: 200, msg: "ok", data: { downloadUrl: image, fileName: "a.png" } })
    ).toEqual({ _tag: "Uploaded", reference: image })
    expect(decode({ code: 401, msg: "no" })).toMatchObject({ reason: { _tag: "Unauthorized" } })
    expect(decode({ success: true, code: 200, data: { fileUrl: image } })).toMatchObject({
      reason: { _tag: "UnexpectedResponse", path: "data.downloadUrl" }
    })
  })
})

describe("the balance at kie.ai", () => {
  const decode = (body: object) => spec.balance?.decode(body, head)

  it("is the number of credits, and unknown at aigptimage.com", () => {
    expect(spec.balance?.request(atKie)).toEqual({ method: "GET", path: "/api/v1/chat/credit" })
    expect(spec.balance?.request(free)).toBeUndefined()
    expect(decode({ code: 200, msg: "success", data: 100 })).toEqual({
      _tag: "Balance",
      available: { amount: 100, unit: "credits" },
      used: null
    })
    expect(decode({ code: 401, msg: "no" })).toMatchObject({ reason: { _tag: "Unauthorized" } })
    expect(decode({ code: 200, data: null })).toMatchObject({ reason: { path: "data" } })
  })
})

describe("a notification of kie.ai", () => {
  const secret = "secret"
  const at = 1_765_178_608
  const sign = (id: string, key = secret): string =>
    createHmac("sha256", key).update(`${id}.${at}`).digest("base64")
  const verify = (
    body: object | string,
    {
      signature = sign("t1"),
      seconds = at,
      key = secret
    }: { readonly signature?: string; readonly seconds?: number; readonly key?: string } = {}
  ) =>
    spec.webhook?.verify?.(
      {
        headers: { "x-webhook-timestamp": String(at), "x-webhook-signature": signature },
        text: typeof body === "string" ? body : JSON.stringify(body),
        receivedAt: new Date(seconds * 1000)
      },
      { secret: key }
    )

  it.each([{ data: { taskId: "t1" } }, { data: { task_id: "t1" } }, { taskId: "t1" }, { task_id: "t1" }])(
    "with the id in %j is verified",
    (body) => {
      expect(verify(body)).toBe(true)
      expect(verify(body, { seconds: at + 300 })).toBe(true)
      expect(spec.webhook?.decode({ code: 200, ...body }, {} as never)).toEqual({
        _tag: "TaskUpdated",
        task: { id: "t1" }
      })
    }
  )

  it("is rejected with another id, key, time or signature", () => {
    const body = { data: { taskId: "t1" } }
    for (const result of [
      verify({ data: { taskId: "t2" } }),
      verify({}),
      verify({}, { signature: sign("undefined") }),
      verify("x"),
      verify(body, { key: "other" }),
      verify(body, { key: "" }),
      verify(body, { key: "", signature: sign("t1", "") }),
      verify(body, { seconds: at + 301 }),
      verify(body, { seconds: at - 301 }),
      verify(body, { signature: "" }),
      verify(body, { signature: `${sign("t1")}=` })
    ])
      expect(result).toBe(false)
    expect(spec.webhook?.verify?.({ headers: {}, text: "{}", receivedAt: new Date(0) }, { secret })).toBe(
      false
    )
  })

  it("without an id is ignored", () => {
    expect(spec.webhook?.decode({ code: 200, data: null }, {} as never)).toEqual({ _tag: "Ignored" })
  })
})
