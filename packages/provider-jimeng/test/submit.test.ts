/** The documented requests of submits, and the inputs of models. */
import { describe, expect, expectTypeOf, it } from "vitest"
import { requestOf } from "@gentask/testing"
import { embedded, requestOfSubmit, sampleFile, validateSubmit } from "@gentask/testing"
import type { SampleSubmit } from "@gentask/testing"
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
