import { expect, it } from "vitest"
import { embedFile, embedFiles } from "@gentask/core/provider"
import type { InputFile } from "@gentask/core/provider"

const file: InputFile = { _tag: "InputFile", id: "1", name: "fox.png", mediaType: "image/png", size: 3 }

it("embeds every file of an input", () => {
  const input = { prompt: "A fox", image: file, parts: [{ image_url: { url: file } }, "https://a.example"] }
  expect(embedFiles(input, "data-url")).toEqual({
    prompt: "A fox",
    image: embedFile(file, "data-url"),
    parts: [{ image_url: { url: embedFile(file, "data-url") } }, "https://a.example"]
  })
})

it("writes plain base64 by default, and keeps what is embedded", () => {
  expect(embedFiles(file)).toEqual(embedFile(file))
  expect(embedFiles({ image: embedFile(file, "data-url") })).toEqual({ image: embedFile(file, "data-url") })
})

it("keeps files that the vendor does not take this way", () => {
  const video: InputFile = { ...file, id: "2", name: "fox.mp4", mediaType: "video/mp4" }
  const isImage = ({ mediaType }: InputFile): boolean => mediaType.startsWith("image/")
  expect(embedFiles({ image: file, videos: [video] }, "base64", isImage)).toEqual({
    image: embedFile(file),
    videos: [video]
  })
})
