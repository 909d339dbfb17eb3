/** The inputs of models. The documented requests are recordings. */
import { describe, expect, expectTypeOf, it } from "vitest"
import { validateSubmit } from "@gentask/testing"
import spec, { sora } from "../src/index.ts"

const image = "https://files.example.com/1.png"

describe("a submit in the unified video format", () => {
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
