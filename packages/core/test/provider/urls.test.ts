import { describe, expect, it } from "vitest"
import { asHttpUrl, isOtherFile, kindFromUrl } from "@gentask/core/provider"

describe("asHttpUrl", () => {
  it.each(["https://a.example/1", "http://a.example", "HTTPS://A.EXAMPLE/x"])("returns %s", (url) => {
    expect(asHttpUrl(url)).toBe(url)
  })

  it.each(["upstream returned error", "", "see https://a.example", "ftp://a.example", null, undefined])(
    "returns undefined for %j",
    (text) => {
      expect(asHttpUrl(text)).toBeUndefined()
    }
  )
})

describe("kindFromUrl", () => {
  it.each([
    ["https://a.example/1.png", "image"],
    ["https://a.example/1.JPEG?w=1", "image"],
    ["https://a.example/b.mp4?x=1/2.png", "video"],
    ["/relative/clip.webm#t=1", "video"],
    ["https://a.example/song.mp3", "audio"],
    ["https://a.example/loop.gif", undefined],
    ["https://a.example/file", undefined],
    ["https://a.example/file.", undefined],
    ["https://a.mp4/file", undefined],
    ["", undefined]
  ])("derives from %s the kind %s", (url, kind) => {
    expect(kindFromUrl(url)).toBe(kind)
  })
})

describe("isOtherFile", () => {
  it.each(["https://a.example/1.zip", "https://a.example/x/1.safetensors?a=1", "HTTPS://a.example/b.JSON#x"])(
    "recognizes %s",
    (url) => {
      expect(isOtherFile(url)).toBe(true)
    }
  )

  it.each([
    "https://a.example/1.png",
    "https://a.example/1.glb",
    "https://a.example/1.gif",
    "https://a.example/v1.2/file",
    "https://a.example/get?file=1.zip",
    "https://a.example",
    "https://a.example/1.2",
    "data:image/png;base64,AA"
  ])("leaves %s", (url) => {
    expect(isOtherFile(url)).toBe(false)
  })
})
