/** The inputs of models. The documented requests are recordings. */
import { decodeRecorded, requestOf, requestOfSubmit, validateSubmit } from "@gentask/testing"
import type { SampleSubmit } from "@gentask/testing"
import { describe, expect, expectTypeOf, it } from "vitest"
import spec, { dashscope } from "../src/index.ts"

const image = "https://files.example.com/1.png"

describe("a submit to DashScope", () => {
  it.each<readonly [SampleSubmit, ReadonlyArray<string>]>([
    [{ model: "qwen-image", common: { prompt: "A fox", images: [image] } }, ["images: unsupported"]],
    [{ model: "wan2.6-t2v", common: { prompt: "A fox", aspectRatio: "16:9" } }, ["aspectRatio: unsupported"]],
    [{ model: "wan2.7-i2v", common: { firstFrame: image, count: 2 } }, ["count: unsupported"]]
  ])("reports the problem of %j", (sample, problems) => {
    expect(validateSubmit(spec, sample)).toEqual({ problems })
  })

  it.each([
    { model: "wan2.7-t2v", input: { prompt: "A fox", resolution: "4K" } },
    { model: "wan2.7-t2v", input: { prompt: "A fox", img_url: image } },
    { model: "wan2.7-i2v", input: { media: [{ type: "image", url: image }] } },
    { model: "qwen-image", input: { prompt: "A fox", n: 0 } }
  ])("rejects the input of %j", (sample) => {
    expect(validateSubmit(spec, sample)).toHaveProperty("problems")
  })

  it("merges the objects of the body with the members beside them", () => {
    const { body } = requestOfSubmit(spec, {
      model: "wan2.7-t2v",
      common: { prompt: "A fox", duration: 5 },
      input: { input: { negative_prompt: "blur" }, parameters: { duration: 10, watermark: false } }
    })
    expect(body).toEqual({
      model: "wan2.7-t2v",
      input: { prompt: "A fox", negative_prompt: "blur" },
      parameters: { duration: 10, watermark: false }
    })
  })

  it.each([
    ["wan2.9-t2v-2027-01-01", "/video-generation/video-synthesis"],
    ["happyhorse-1.0-t2v", "/video-generation/video-synthesis"],
    ["kling/kling-v3-video-generation", "/video-generation/video-synthesis"],
    ["wanx2.1-t2v-turbo", "/video-generation/video-synthesis"],
    ["wanx2.1-kf2v-plus", "/image2video/video-synthesis"],
    ["wanx2.1-t2i-turbo", "/text2image/image-synthesis"],
    ["wan2.8-image", "/image-generation/generation"]
  ])("sends the model %s to %s", (model, path) => {
    expect(requestOfSubmit(spec, { model }).path).toBe(`/api/v1/services/aigc${path}`)
  })

  it("rejects a model whose path is not known", () => {
    expect(() => requestOfSubmit(spec, { model: "qwen-max" })).toThrow('Invalid model "qwen-max"')
  })

  it("rejects a webhook", () => {
    const webhook = "https://example.com/hook"
    expect(() => requestOfSubmit(spec, { model: "wan2.7-t2v", webhook })).toThrow("Unsupported webhook")
  })

  it("has types for the inputs of each model", () => {
    expectTypeOf(dashscope.models["wan2.7-i2v"]).toBeCallableWith({ prompt: "A fox", firstFrame: image })
    // @ts-expect-error -- this model has no references
    dashscope.models["wan2.7-t2v"]({ prompt: "A fox", images: [image] })
  })
})

describe("a request to DashScope", () => {
  it("has the key as a bearer token", () => {
    const { url, headers } = requestOf(dashscope({ apiKey: "secret", endpoint: "singapore" }), "dashscope:1")
    expect(url.href).toBe("https://dashscope-intl.aliyuncs.com/api/v1/tasks/1")
    expect(headers["authorization"]).toBe("Bearer secret")
  })

  it("keeps the zone of a time that has one", () => {
    const account = dashscope({ apiKey: "secret" })
    const output = { task_id: "1", task_status: "RUNNING", submit_time: "2023-12-20T21:36:31Z" }
    expect(decodeRecorded(account, "dashscope:1", { body: { output } })).toMatchObject({
      snapshot: { createdAt: new Date("2023-12-20T21:36:31Z") }
    })
  })
})
