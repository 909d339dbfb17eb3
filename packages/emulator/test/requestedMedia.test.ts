import { describe, expect, it } from "vitest"
import { requestedMedia } from "../src/vendors/requestedMedia.ts"

describe("requestedMedia", () => {
  it("returns as many results as the request wants, up to the vendor's maximum", () => {
    expect(requestedMedia(3, 9, "png")).toEqual({ media: ["png", "png", "png"] })
    expect(requestedMedia(2.5, 9, "png")).toEqual({ media: ["png", "png"] })
    expect(requestedMedia(1e9, 4, "mp4").media).toHaveLength(4)
  })

  it.each([undefined, 1, 0, -3, Number.NaN, "2", {}])("leaves the default for %j", (count) => {
    expect(requestedMedia(count, 9, "png")).toEqual({})
  })
})
