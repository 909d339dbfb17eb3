/** Values of common inputs for models of any vendor. */
import { jsonSchemaOf } from "@gentask/core/internal/submit"
import type { CommonInput, CommonInputName, ModelSpec } from "@gentask/core/provider"
import { inputFile } from "./buildSubmit.ts"

const image = "https://files.example.com/fox.png"
const otherImage = "https://files.example.com/owl.png"
const video = "https://files.example.com/fox.mp4"
const audio = "https://files.example.com/fox.mp3"

const samples: Readonly<Record<CommonInputName, ReadonlyArray<unknown>>> = {
  prompt: ["A fox"],
  images: [[image], [image, otherImage]],
  firstFrame: [image],
  lastFrame: [otherImage],
  videos: [[video]],
  audios: [[audio]],
  aspectRatio: ["16:9", "9:16", "1:1"],
  resolution: ["720p", "1080p", "1k", "2k", "1K", "2K"],
  duration: [5, 10, 4, 6, 8, 12, 15],
  count: [1, 2, 4],
  seed: [1234]
}

/** The common inputs that are files, each with a file. */
export const fileSamples: Readonly<Partial<Record<CommonInputName, unknown>>> = {
  images: [inputFile("gentask-file.png", "image/png")],
  firstFrame: inputFile("gentask-file.png", "image/png"),
  lastFrame: inputFile("gentask-file.png", "image/png"),
  videos: [inputFile("gentask-file.mp4", "video/mp4")],
  audios: [inputFile("gentask-file.mp3", "audio/mpeg")]
}

/** Common inputs that others may depend on. */
const bases: ReadonlyArray<CommonInput> = [
  {},
  { prompt: "A fox" },
  { prompt: "A fox", images: [image] },
  { prompt: "A fox", firstFrame: image },
  { prompt: "A fox", firstFrame: image, lastFrame: otherImage },
  { prompt: "A fox", videos: [video] },
  { prompt: "A fox", firstFrame: image, resolution: "720p", duration: 5 }
]

/** The texts and numbers that a JSON Schema allows. */
const allowedValues = (schema: unknown): ReadonlyArray<unknown> => {
  if (typeof schema !== "object" || schema === null) return []
  const { enum: values, const: value } = schema as { readonly enum?: unknown; readonly const?: unknown }
  return [
    ...(Array.isArray(values) ? (values as ReadonlyArray<unknown>) : []),
    ...(value === undefined ? [] : [value]),
    ...Object.values(schema).flatMap(allowedValues)
  ]
}

/** Further values of inputs whose values are the vendor's. */
const fromSchema = (name: CommonInputName, model: ModelSpec | undefined): ReadonlyArray<unknown> => {
  if (model === undefined) return []
  const values = allowedValues(jsonSchemaOf(model.input))
  if (name === "aspectRatio" || name === "resolution")
    return values.filter((value) => typeof value === "string")
  if (name === "duration" || name === "count")
    return values.map(Number).filter((value) => Number.isFinite(value) && value > 0)
  return []
}

/** A common input, and the same without one of its members. */
export interface SamplePair {
  readonly with: CommonInput
  readonly without: CommonInput
}

/** Yields pairs of inputs that differ in one common input. */
export const samplePairs = function* (
  name: CommonInputName,
  supported: ReadonlyArray<CommonInputName>,
  model: ModelSpec | undefined,
  recorded: ReadonlyArray<CommonInput>
): Generator<SamplePair> {
  const usable = [...bases, ...recorded].map((base) =>
    Object.fromEntries(
      Object.entries(base).filter(([each]) => each !== name && supported.includes(each as CommonInputName))
    )
  )
  const own = recorded.map((each) => each[name]).filter((value) => value !== undefined)
  const pairs = function* (values: ReadonlyArray<unknown>): Generator<SamplePair> {
    for (const value of values) {
      for (const base of usable) yield { with: { ...base, [name]: value }, without: base }
    }
  }
  yield* pairs([...samples[name], ...own])
  yield* pairs(fromSchema(name, model))
}
