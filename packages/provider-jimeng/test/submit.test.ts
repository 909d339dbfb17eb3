/** The inputs of models. The documented requests are recordings. */
import { describe, expect, expectTypeOf, it } from "vitest"
import { requestOf, requestOfSubmit, sampleFile, validateSubmit } from "@gentask/testing"
import spec, { jimeng } from "../src/index.ts"

const image = "https://files.example.com/1.png"
const file = sampleFile("a.png", "image/png")
const prompt = "A fox"

describe("a submit in the Jimeng official format", () => {
  it("of OmniHuman is queried with an action of its own", () => {
    const ref = "jimeng@octopusx:1?req_key=jimeng_realman_avatar_picture_omni_v15"
    const { url } = requestOf(jimeng({ endpoint: "octopusx", apiKey: "key" }), ref)
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
