import { expect, it } from "vitest"
import { contentParts, mediaPart } from "@gentask/core/provider"

it("names a media input after its kind", () => {
  expect(mediaPart("audio", "https://a.example/1.mp3")).toEqual({
    type: "audio_url",
    audio_url: { url: "https://a.example/1.mp3" }
  })
})

it("lists the prompt and the media with their roles", () => {
  const parts = contentParts({
    images: ["image"],
    videos: ["video"],
    audios: ["audio"],
    firstFrame: "first",
    lastFrame: "last",
    prompt: "A fox",
    duration: 5
  })
  expect(parts).toEqual([
    { type: "text", text: "A fox" },
    { type: "image_url", image_url: { url: "first" }, role: "first_frame" },
    { type: "image_url", image_url: { url: "last" }, role: "last_frame" },
    { type: "image_url", image_url: { url: "image" }, role: "reference_image" },
    { type: "video_url", video_url: { url: "video" }, role: "reference_video" },
    { type: "audio_url", audio_url: { url: "audio" }, role: "reference_audio" }
  ])
})

it("has no part for an absent input", () => {
  expect(contentParts({ aspectRatio: "16:9" })).toEqual([])
})
