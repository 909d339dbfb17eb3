import { hostileBodies, outcomeOfSubmit, requestOfSubmit, validateSubmit } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { kling } from "../src/index.ts"

const prompt = "A fox in the snow"

describe("a submit to Kling AI", () => {
  it.each([
    "kling-v3",
    "videos",
    "text-to-video/",
    "tasks/kling-3.0",
    "v1/videos",
    "text-to-video/a/b",
    "../tasks"
  ])("is not sent for the model %j, which is not a path", (model) => {
    expect(() => requestOfSubmit(spec, { model, input: { prompt } })).toThrow("write the vendor's path")
  })

  it.each([
    ["text-to-video/kling-4.0", "/text-to-video/kling-4.0", undefined],
    ["videos/text2video", "/v1/videos/text2video", undefined],
    ["videos/text2video/kling-v9", "/v1/videos/text2video", "kling-v9"],
    ["images/kolors-virtual-try-on", "/v1/images/kolors-virtual-try-on", undefined],
    [
      "images/kolors-virtual-try-on/kolors-virtual-try-on-v1-5",
      "/v1/images/kolors-virtual-try-on",
      "kolors-virtual-try-on-v1-5"
    ],
    ["videos/avatar/image2video", "/v1/videos/avatar/image2video", undefined]
  ])("of the model %s goes to %s", (model, path, modelName) => {
    const request = requestOfSubmit(spec, { model, input: { prompt } })
    expect(request.path).toBe(path)
    expect((request.body as { model_name?: string }).model_name).toBe(modelName)
  })

  it("has the user's own id instead of the idempotency key", () => {
    expect(
      requestOfSubmit(spec, { model: "videos/text2video", input: { external_task_id: "mine" } }).body
    ).toEqual({ external_task_id: "mine" })
    expect(
      requestOfSubmit(spec, {
        model: "text-to-video/kling-3.0",
        input: { prompt, options: { external_task_id: "mine" } }
      }).body
    ).toEqual({ prompt, options: { external_task_id: "mine" } })
  })

  it("rejects what the model does not have, before anything is sent", () => {
    const problems = (model: string, input: object) =>
      validateSubmit(spec, { model, input: { prompt, ...input } })
    expect(problems("text-to-video/kling-3.0", { settings: { duration: 2 } })).toHaveProperty("problems")
    expect(problems("images/generations/kling-v3", { n: 10 })).toHaveProperty("problems")
    expect(problems("videos/text2video/kling-v3", { ratio: "16:9" })).toHaveProperty("problems")
    expect(problems("videos/text2video/kling-v3", { duration: "15" })).toHaveProperty("input")
  })

  it("creates no task for a response without an id", () => {
    const outcomes = hostileBodies.map((body) => outcomeOfSubmit(spec, "text-to-video/kling-3.0", body)?._tag)
    expect(outcomes).not.toContain("Accepted")
  })

  it("has a typed function for each known model", () => {
    const request = kling.models["image-to-video/kling-3.0"]({ prompt, firstFrame: { path: "fox.png" } })
    expect(request).toEqual({
      account: "kling",
      model: "image-to-video/kling-3.0",
      prompt,
      firstFrame: { path: "fox.png" }
    })
    // @ts-expect-error -- the vendor derives the ratio from the image
    kling.models["image-to-video/kling-3.0"]({ prompt, aspectRatio: "16:9" })
  })
})
