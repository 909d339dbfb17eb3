import { describe, expect, it } from "vitest"
import { isMediaInput, orientationOf, renameInputs } from "../../src/provider/index.ts"

describe("renameInputs", () => {
  it("renames the inputs that have a name, and leaves out the others", () => {
    expect(
      renameInputs({ prompt: "A fox", aspectRatio: "1:1", seed: 0 }, { prompt: "text", seed: "seed" })
    ).toEqual({ text: "A fox", seed: 0 })
    expect(renameInputs({ prompt: undefined }, { prompt: "prompt" })).toEqual({})
  })

  it("adds inputs with the same name to one list, in the order of the common inputs", () => {
    const frame = { name: "urls", as: "list" } as const
    expect(
      renameInputs({ lastFrame: "b", firstFrame: "a" }, { lastFrame: frame, firstFrame: frame })
    ).toEqual({ urls: ["a", "b"] })
  })

  it("takes the only element of a list, and rejects several", () => {
    const names = { images: { name: "image_url", as: "single" } } as const
    expect(renameInputs({ images: ["a"] }, names)).toEqual({ image_url: "a" })
    expect(() => renameInputs({ images: ["a", "b"] }, names)).toThrow(
      "This model supports one of images, but 2 were given."
    )
  })

  it("rejects two inputs of which the vendor takes one", () => {
    const single = { name: "image_url", as: "single" } as const
    expect(() =>
      renameInputs({ images: ["a"], firstFrame: "b" }, { images: single, firstFrame: single })
    ).toThrow("The input firstFrame cannot be combined with another: this model has one image_url.")
  })

  it("writes numbers as text", () => {
    expect(renameInputs({ duration: 5 }, { duration: { name: "duration", as: "text" } })).toEqual({
      duration: "5"
    })
  })
})

it("writes a duration with its unit", () => {
  expect(renameInputs({ duration: 8 }, { duration: { name: "duration", as: "seconds" } })).toEqual({
    duration: "8s"
  })
})

describe("orientationOf", () => {
  it("translates the two ratios that have an orientation, and rejects others", () => {
    expect(["16:9", "9:16", "portrait"].map(orientationOf)).toEqual(["landscape", "portrait", "portrait"])
    for (const ratio of ["1:1", "constructor", ""])
      expect(() => orientationOf(ratio)).toThrow("this model supports 16:9 and 9:16")
  })
})

describe("isMediaInput", () => {
  it("accepts URLs and files only", () => {
    const file = { _tag: "InputFile", id: "1", name: "a.png", mediaType: "image/png", size: 1 }
    expect(["https://a.example/1.png", "asset://1", file].every(isMediaInput)).toBe(true)
    expect(["", " ", 1, null, {}, [], { path: "a.png" }].some(isMediaInput)).toBe(false)
  })
})
