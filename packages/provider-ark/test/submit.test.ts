/** The inputs of models. The documented requests are recordings. */
import { requestOf, requestOfSubmit, validateSubmit } from "@gentask/testing"
import type { SampleSubmit } from "@gentask/testing"
import { describe, expect, expectTypeOf, it } from "vitest"
import spec, { ark } from "../src/index.ts"

const image = "https://files.example.com/1.png"
const text = { type: "text", text: "A fox" }

describe("a submit to Ark", () => {
  it.each<readonly [SampleSubmit, ReadonlyArray<string>]>([
    [{ model: "seedance-1-0-pro-250528", common: { images: [image] } }, ["images: unsupported"]],
    [
      { model: "seedance-1-0-pro-fast-251015", common: { firstFrame: image, lastFrame: image } },
      ["lastFrame: unsupported"]
    ],
    [{ model: "seedance-1-5-pro-251215", common: { prompt: "A fox", count: 2 } }, ["count: unsupported"]]
  ])("reports the problem of %j", (sample, problems) => {
    expect(validateSubmit(spec, sample)).toEqual({ problems })
  })

  it.each([
    { model: "seedance-1-5-pro-251215", input: {} },
    { model: "seedance-1-5-pro-251215", input: { content: [] } },
    { model: "seedance-1-5-pro-251215", input: { content: [{ type: "image_url", url: image }] } },
    { model: "seedance-1-5-pro-251215", input: { content: [text], ratio: "2:1" } },
    { model: "seedance-1-5-pro-251215", input: { content: [text], prompt: "A fox" } }
  ])("rejects the input of %j", (sample) => {
    expect(validateSubmit(spec, sample)).toHaveProperty("problems")
  })

  it("passes on models and inputs that the package does not know", () => {
    const { body } = requestOfSubmit(spec, { model: "seedance-9", input: { content: [text], future: 1 } })
    expect(body).toEqual({ model: "seedance-9", content: [text], future: 1 })
  })

  it("places images and sounds of the user's own content into the body", () => {
    const file = { _tag: "InputFile", id: "1", name: "fox.png", mediaType: "image/png", size: 3 }
    const parts = [
      { type: "image_url", image_url: { url: file }, role: "reference_image" },
      { type: "audio_url", audio_url: { url: file }, role: "reference_audio" },
      { type: "video_url", video_url: { url: file }, role: "reference_video" }
    ]
    const { body } = requestOfSubmit(spec, { model: "seedance-9", input: { content: parts } })
    const embedded = { _tag: "EmbeddedFile", file, as: "data-url" }
    expect(body).toMatchObject({
      content: [
        { image_url: { url: embedded } },
        { audio_url: { url: embedded } },
        { video_url: { url: file } }
      ]
    })
  })

  it.each([
    [{ model: "seedream-9", input: { prompt: "A fox", stream: true } }, "Unsupported stream"],
    [{ model: "seedream-9", webhook: "https://example.com/hook" }, "Unsupported webhook"]
  ])("rejects images whose response would not be the result: %j", (sample, message) => {
    expect(() => requestOfSubmit(spec, sample)).toThrow(message)
  })

  it("looks for no lost images, which no list has", () => {
    const request = { model: "seedream-4-5-251128", input: { prompt: "A fox" }, idempotencyKey: "key-1" }
    const lost = { request, submittedAt: new Date(0), endedAt: new Date(0) }
    expect(spec.recover?.request(lost, {})).toBeUndefined()
  })

  it("has types for the inputs of each model", () => {
    expectTypeOf(ark.models["seedance-1-5-pro-251215"]).toBeCallableWith({
      prompt: "A fox",
      firstFrame: image
    })
    // @ts-expect-error -- this model has no references
    ark.models["seedance-1-5-pro-251215"]({ prompt: "A fox", images: [image] })
  })
})

describe("a request to Ark", () => {
  it("has the key as a bearer token", () => {
    const { url, headers } = requestOf(ark({ apiKey: "secret", endpoint: "byteplus" }), "ark:cgt-1")
    expect(url.href).toBe("https://ark.ap-southeast.bytepluses.com/api/v3/contents/generations/tasks/cgt-1")
    expect(headers["authorization"]).toBe("Bearer secret")
  })
})
