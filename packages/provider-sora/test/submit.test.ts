/** The documented requests of submits, and the inputs of models. */
import { describe, expect, expectTypeOf, it } from "vitest"
import { requestOfSubmit, validateSubmit } from "@gentask/testing"
import type { SampleSubmit } from "@gentask/testing"
import spec, { sora } from "../src/index.ts"

const image = "https://files.example.com/1.png"

/** A submit, and the documented body. */
const requests: ReadonlyArray<readonly [SampleSubmit, object]> = [
  [
    {
      model: "sora-2-pro",
      common: { prompt: "A fox", aspectRatio: "9:16", resolution: "1080p", duration: 15 },
      input: { watermark: false, private: true }
    },
    {
      prompt: "A fox",
      images: [],
      orientation: "portrait",
      size: "large",
      duration: 15,
      watermark: false,
      private: true
    }
  ],
  [
    { model: "sora-2", common: { prompt: "A fox", resolution: "small", images: [image] } },
    { prompt: "A fox", images: [image], size: "small" }
  ],
  [
    {
      model: "veo3.1-fast",
      common: { prompt: "A fox", aspectRatio: "16:9", images: [image] },
      input: { enhance_prompt: true, enable_upsample: true }
    },
    { prompt: "A fox", aspect_ratio: "16:9", enhance_prompt: true, enable_upsample: true, images: [image] }
  ],
  [
    {
      model: "veo2-fast-frames",
      common: { prompt: "A fox", firstFrame: image, lastFrame: "https://b.example" }
    },
    { prompt: "A fox", images: [image, "https://b.example"] }
  ],
  [
    {
      model: "grok-video-3",
      common: { prompt: "A fox --mode=custom", aspectRatio: "3:2", resolution: "720P", images: [image] }
    },
    { prompt: "A fox --mode=custom", aspect_ratio: "3:2", size: "720P", images: [image] }
  ],
  [
    {
      model: "jimeng-video-3.0",
      common: { prompt: "A fox", aspectRatio: "16:9", resolution: "1280x720" }
    },
    { prompt: "A fox", aspect_ratio: "16:9", size: "1280x720", images: [] }
  ],
  [
    {
      model: "viduq3-pro",
      common: {
        prompt: "A fox",
        images: [image],
        duration: 5,
        resolution: "720p",
        aspectRatio: "16:9",
        seed: 1
      },
      input: { audio: true }
    },
    {
      prompt: "A fox",
      images: [image],
      duration: 5,
      resolution: "720p",
      aspect_ratio: "16:9",
      audio: true,
      seed: 1
    }
  ],
  [
    { model: "veo4-fast", common: { prompt: "A fox", aspectRatio: "16:9" } },
    { prompt: "A fox", aspect_ratio: "16:9" }
  ]
]

describe("a submit in the unified video format", () => {
  it.each(requests)("of %j has the documented body", (sample, body) => {
    expect(requestOfSubmit(spec, sample)).toEqual({
      method: "POST",
      path: "/v1/video/create",
      headers: { accept: "application/json" },
      body: { model: sample.model, ...body }
    })
  })

  it.each([
    { model: "sora-2", input: {} },
    { model: "sora-2", input: { prompt: "A fox", duration: 25 } },
    { model: "sora-2", input: { prompt: "A fox", aspect_ratio: "16:9" } },
    { model: "sora-2", input: { prompt: "A fox", character_timestamps: "0-3" } },
    { model: "veo2", input: { prompt: "A fox", aspect_ratio: "16:9" } },
    { model: "veo3-pro-frames", input: { prompt: "A fox", images: [image, image] } },
    { model: "veo3.1-components", input: { prompt: "A fox", images: [image, image, image, image] } },
    { model: "grok-video-3", input: { prompt: "A fox", aspect_ratio: "16:9" } }
  ])("rejects the input of %j", (sample) => {
    expect(validateSubmit(spec, sample)).toHaveProperty("problems")
  })

  it("has types for the inputs of each model", () => {
    expect(sora.models["sora-2"]({ prompt: "A fox", duration: 10 }, { account: "yunwu" })).toEqual({
      account: "sora@yunwu",
      model: "sora-2",
      prompt: "A fox",
      duration: 10
    })
    expectTypeOf(sora.models["veo3.1"]).toBeCallableWith({ prompt: "A fox", aspectRatio: "16:9" })
    // @ts-expect-error -- the model has no duration
    sora.models["veo3.1"]({ prompt: "A fox", duration: 8 })
    // @ts-expect-error -- the model takes 10 or 15 seconds
    sora.models["sora-2"]({ prompt: "A fox", input: { duration: 25 } })
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
