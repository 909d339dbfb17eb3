import type { CommonInput } from "@gentask/core/provider"
import { hostileBodies, outcomeOfSubmit, requestOfSubmit, sampleFile, validateSubmit } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { minimax } from "../src/index.ts"

const prompt = "A fox in the snow"
const h3: CommonInput = { prompt, resolution: "2K", duration: 5, aspectRatio: "16:9" }

const problemsOf = (model: string, common: CommonInput, input: Readonly<Record<string, unknown>> = {}) => {
  const validated = validateSubmit(spec, { model, common, input })
  return "problems" in validated ? validated.problems : []
}

describe("a submit to MiniMax", () => {
  it.each([
    ["MiniMax-H3", "/v2/video_generation"],
    ["MiniMax-H3-Max-Turbo", "/v2/video_generation"],
    ["MiniMax-Hailuo-2.3", "/v1/video_generation"],
    ["T2V-01", "/v1/video_generation"]
  ])("of %s goes to %s", (model, path) => {
    const common = model.startsWith("MiniMax-H3") ? h3 : { prompt }
    expect(requestOfSubmit(spec, { model, common }).path).toBe(path)
  })

  it("needs a ratio for a video from text, and for nothing else", () => {
    const { aspectRatio: _, ...rest } = h3
    expect(problemsOf("MiniMax-H3", rest)).toEqual(["ratio: is required for a video from text"])
    expect(problemsOf("MiniMax-H3", { ...rest, aspectRatio: "adaptive" })).toHaveLength(1)
    expect(problemsOf("MiniMax-H3", { ...rest, firstFrame: "https://files.example.com/1.png" })).toEqual([])
  })

  it("does not combine frames with references", () => {
    const url = "https://files.example.com/1.png"
    expect(problemsOf("MiniMax-H3", { ...h3, firstFrame: url, images: [url] })).toEqual([
      "content: cannot combine frames with references"
    ])
    expect(problemsOf("MiniMax-H3", { ...h3, images: [url, url], videos: [url], audios: [url] })).toEqual([])
  })

  it("does not accept 10 seconds with 1080P", () => {
    const common = { prompt, duration: 10, resolution: "1080P" }
    expect(problemsOf("MiniMax-Hailuo-2.3", common)).toEqual([
      "duration: must be 6 with the resolution 1080P"
    ])
    expect(problemsOf("MiniMax-Hailuo-2.3", { ...common, resolution: "768P" })).toEqual([])
  })

  it("does not accept files that are too large", () => {
    const firstFrame = sampleFile("fox.png", "image/png", 40 * 1024 * 1024)
    expect(problemsOf("MiniMax-H3", { ...h3, firstFrame })[0]).toContain("must not be larger than 30 MB")
    expect(problemsOf("MiniMax-Hailuo-2.3", { prompt, firstFrame })[0]).toContain(
      "must not be larger than 20 MB"
    )
  })

  it.each(["MiniMax-H3", "MiniMax-Hailuo-2.3"])(
    "of %s creates no task for a response without an id",
    (model) => {
      const bodies = hostileBodies.map((body) => outcomeOfSubmit(spec, model, body)?._tag)
      expect(bodies).not.toContain("Accepted")
    }
  )

  it("has a typed function for each known model", () => {
    const request = minimax.models["MiniMax-H3-Max"]({ prompt, firstFrame: { path: "fox.png" } })
    expect(request).toMatchObject({ account: "minimax", model: "MiniMax-H3-Max", prompt })
    // @ts-expect-error -- the model does not support references
    minimax.models["MiniMax-H3-Max"]({ prompt, images: ["https://files.example.com/1.png"] })
  })
})

describe("an upload to MiniMax", () => {
  const decode = (file: unknown) => {
    const valid = spec.upload?.response?.["~standard"].validate({ file })
    if (valid === undefined || valid instanceof Promise || valid.issues !== undefined) return undefined
    return spec.upload?.decode(valid.value, { status: 200, headers: {} }, sampleFile("fox.png", "image/png"))
  }

  it("does not read an id beyond the precision of numbers, which would be that of another file", () => {
    expect(decode({ file_id: 176_844_028_768_320 })).toEqual({
      _tag: "Uploaded",
      reference: "mm_file://176844028768320"
    })
    expect(decode(JSON.parse('{"file_id":9007199254740993}'))).toMatchObject({ _tag: "Error" })
    expect(decode({ file_id: "9007199254740993" })).toMatchObject({ reference: "mm_file://9007199254740993" })
    expect(decode({ file_id: "../1" })).toMatchObject({ _tag: "Error" })
  })

  it("is not possible for models of the first API, which take files in the body", () => {
    const file = sampleFile("fox.png", "image/png")
    expect(spec.upload?.request(file, undefined, "MiniMax-Hailuo-2.3")).toBeUndefined()
    expect(spec.upload?.request(file, undefined, "MiniMax-H3")).toBeDefined()
  })
})
