/** The inputs of models. The documented requests are recordings. */
import { describe, expect, expectTypeOf, it } from "vitest"
import { requestOfSubmit, validateSubmit } from "@gentask/testing"
import type { SampleSubmit } from "@gentask/testing"
import spec, { jimmy } from "../src/index.ts"

const image = "https://files.example.com/1.png"
const video = "https://files.example.com/1.mp4"

describe("a submit to Jimmy AI", () => {
  it("rejects a model whose path is not known", () => {
    expect(() => requestOfSubmit(spec, { model: "toString" })).toThrow('Invalid model "toString"')
  })

  it.each<readonly [SampleSubmit, ReadonlyArray<string>]>([
    [
      { model: "gpt-image-2", common: { prompt: "A fox", resolution: "4k", aspectRatio: "1:1" } },
      ["ratio: must be 16:9, 9:16, 2:1, 1:2, 21:9, 9:21 with the resolution 4k"]
    ],
    [
      {
        model: "seedance2.0-sp",
        common: { prompt: "A fox", duration: 5, images: [image], firstFrame: image }
      },
      ["images: cannot be combined with first_image or last_image"]
    ],
    [
      { model: "seedance2.0-sp", common: { prompt: "A fox", duration: 5, audios: [image] } },
      ["reference_audios: needs an image or a video"]
    ],
    [
      { model: "veo_3_1_lite", common: { prompt: "A fox", lastFrame: image } },
      ["last_frame_url: needs a first frame"]
    ],
    [{ model: "kling-o3", common: { prompt: "A fox", seed: 1 } }, ["seed: unsupported"]],
    [{ model: "seedance2.0-fast-sp", common: { videos: [video] } }, ["videos: unsupported"]]
  ])("reports the problem of %j", (sample, problems) => {
    expect(validateSubmit(spec, sample)).toEqual({ problems })
  })

  it.each([
    { model: "gpt-image-2", input: {} },
    { model: "gpt-image-2", input: { prompt: "A fox", size: "1:1" } },
    { model: "gpt-image-2", input: { prompt: "A fox", images: [7] } },
    { model: "sora2-12s", input: { prompt: "A fox", duration: 10 } },
    { model: "sora2-12s", input: { prompt: "A fox", duration: 12, images: [image, image] } },
    { model: "veo_3_1_lite", input: { prompt: "A fox", resolution: "4k" } },
    { model: "seedance2.0-md", input: { prompt: "A fox", duration: 16 } },
    { model: "omni-10s", input: { prompt: "A fox", duration: 6 } }
  ])("rejects the input of %j", (sample) => {
    expect(validateSubmit(spec, sample)).toHaveProperty("problems")
  })

  it("accepts only 16:9 and 9:16 where the vendor has orientations", () => {
    expect(() => validateSubmit(spec, { model: "sora2-12s", common: { aspectRatio: "1:1" } })).toThrow(
      "this model supports 16:9 and 9:16"
    )
  })

  it("has a JSON Schema of each model that shows media as URIs", () => {
    for (const { input } of Object.values(spec.submit?.models ?? {})) {
      const { jsonSchema } = input["~standard"] as unknown as {
        readonly jsonSchema: { readonly input: (options: { readonly target: string }) => object }
      }
      expect(jsonSchema.input({ target: "draft-2020-12" })).toMatchObject({
        type: "object",
        additionalProperties: false
      })
    }
  })

  it("has types for the inputs of each model", () => {
    expect(jimmy.models["gpt-image-2"]({ prompt: "A fox", images: [{ path: "a.png" }] })).toEqual({
      account: "jimmy",
      model: "gpt-image-2",
      prompt: "A fox",
      images: [{ path: "a.png" }]
    })
    expectTypeOf(jimmy.models["sora2-12s"]).toBeCallableWith({ prompt: "A fox", input: { duration: 12 } })
    // @ts-expect-error -- the model has no seed
    jimmy.models["gpt-image-2"]({ prompt: "A fox", seed: 1 })
    // @ts-expect-error -- the vendor has no such quality
    jimmy.models["gpt-image-2"]({ prompt: "A fox", input: { quality: "best" } })
    // @ts-expect-error -- the vendor has no such field
    jimmy.models["gpt-image-2"]({ prompt: "A fox", input: { size: "1:1" } })
  })
})
