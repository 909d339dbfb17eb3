import { describe, expect, it } from "vitest"
import { firstStringAt } from "@gentask/core/provider"

describe("firstStringAt", () => {
  const body = {
    url: " ",
    count: 3,
    none: null,
    result: { url: "https://a.example/1" },
    videos: [{ url: "https://a.example/2" }],
    error: "The video could not be made."
  }

  it.each([
    [["result.url"], "https://a.example/1"],
    [["videos.0.url"], "https://a.example/2"],
    [["url", "none", "count", "none.url", "count.url", "nowhere.url", "videos.0.url"], "https://a.example/2"],
    [["error.message", "error"], "The video could not be made."],
    [["videos.1.url"], undefined],
    [["videos.length"], undefined],
    [["error.length", "result", "constructor.name", "__proto__"], undefined],
    [[], undefined]
  ])("finds the first text at %j", (paths, text) => {
    expect(firstStringAt(body, ...paths)).toBe(text)
  })

  it("returns the text with its surrounding whitespace", () => {
    expect(firstStringAt({ a: " b " }, "a")).toBe(" b ")
  })

  it.each([undefined, null, "text", 1])("finds nothing in %j", (value) => {
    expect(firstStringAt(value, "url")).toBeUndefined()
  })
})
