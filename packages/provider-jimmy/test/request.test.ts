import { configure } from "@gentask/core/provider"
import { requestOf } from "@gentask/core/testing"
import { describe, expect, it } from "vitest"
import spec, { jimmy } from "../src/index.ts"

const ask = (ref: string, kind?: "image" | "video") => {
  const { url, ...request } = requestOf(jimmy({ apiKey: "key", kind }), ref)
  return { ...request, url: url.href }
}

const request = (url: string) => ({
  method: "GET",
  url: `https://www.jimmyai.cn/api/open-api/v1/${url}`,
  headers: { authorization: "Bearer key" },
  body: undefined
})

describe("a question to Jimmy AI", () => {
  it("is the documented request", () => {
    expect(ask("jimmy:1234")).toEqual(request("images/1234"))
  })

  it("asks about a video where the ref or the account says so, and the ref wins", () => {
    expect(ask("jimmy:1234?kind=video")).toEqual(request("videos/1234"))
    expect(ask("jimmy:1234", "video")).toEqual(request("videos/1234"))
    expect(ask("jimmy:1234?kind=image", "video")).toEqual(request("images/1234"))
  })

  it("keeps any id in its place in the path", () => {
    expect(ask("jimmy:a/b:c%3Fé").url).toBe(request("images/a%2Fb%3Ac%3F%C3%A9").url)
  })

  it("refuses hints and settings that it does not know", () => {
    expect(() => ask("jimmy:1234?kind=audio")).toThrow("its hints are wrong at kind")
    expect(() => ask("jimmy:1234?size=1")).toThrow("its hints are wrong")
    expect(() => requestOf(configure(spec, { apiKey: "key", kind: "audio" }), "jimmy:1234")).toThrow(
      "The settings of jimmy are wrong at kind"
    )
  })
})
