import { configure } from "@gentask/core/provider"
import { requestOf } from "@gentask/core/testing"
import { describe, expect, it } from "vitest"
import spec, { sora } from "../src/index.ts"

describe("a question in the unified video format", () => {
  it("is the documented request", () => {
    const { url, ...request } = requestOf(
      sora({ apiKey: "key" }),
      "sora:sora-2:task_01k74ynm13exf9ha36zz7820hv"
    )
    expect(url.origin + url.pathname).toBe("https://api.jxincm.cn/v1/video/query")
    expect([...url.searchParams]).toEqual([["id", "sora-2:task_01k74ynm13exf9ha36zz7820hv"]])
    expect(request).toEqual({
      method: "GET",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        authorization: "Bearer key"
      },
      body: undefined
    })
  })

  it("sends any id whole", () => {
    const { url } = requestOf(sora({ apiKey: "key" }), "sora:veo3.1-fast:1770350082-trii1OXZc3 +/&=")
    expect([...url.searchParams]).toEqual([["id", "veo3.1-fast:1770350082-trii1OXZc3 +/&="]])
  })

  it("takes neither hints nor settings", () => {
    expect(() => requestOf(sora({ apiKey: "key" }), "sora:x?kind=video")).toThrow("sora takes no hints")
    expect(() => requestOf(configure(spec, { apiKey: "key", kind: "video" }), "sora:x")).toThrow(
      "sora has no settings of its own. Leave out kind."
    )
  })
})
