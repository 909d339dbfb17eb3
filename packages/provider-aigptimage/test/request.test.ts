import { configure } from "@gentask/core/provider"
import { requestOf } from "@gentask/core/testing"
import { describe, expect, it } from "vitest"
import spec, { aigptimage } from "../src/index.ts"

describe("a question to AI GPT Image", () => {
  it("is the documented request", () => {
    const { url, ...request } = requestOf(aigptimage({ apiKey: "key" }), "aigptimage:task_xxx")
    expect({ ...request, url: url.href }).toEqual({
      method: "GET",
      url: "https://aigptimage.com/api/v1/jobs/recordInfo?taskId=task_xxx",
      headers: { authorization: "Bearer key" },
      body: undefined
    })
  })

  it("sends any id whole", () => {
    const { url } = requestOf(aigptimage({ apiKey: "key" }), "aigptimage:a b+/&=:é")
    expect([...url.searchParams]).toEqual([["taskId", "a b+/&=:é"]])
  })

  it("takes no hints, and no setting but the tier", () => {
    expect(() => requestOf(aigptimage({ apiKey: "key" }), "aigptimage:x?a=1")).toThrow(
      "aigptimage takes no hints"
    )
    expect(() => requestOf(configure(spec, { apiKey: "key", tier: "gold" }), "aigptimage:x")).toThrow(
      "The settings of aigptimage are wrong at tier"
    )
  })

  it.each([
    ["free", 2, 60],
    ["basic", 20, 1000],
    ["standard", 50, 3000],
    ["pro", 100, 6000],
    ["ultra", 200, 12_000],
    ["enterprise", 500, 30_000]
  ] as const)(
    "may be asked, on the tier %s, %i times a second and %i times a minute",
    (tier, second, minute) => {
      expect(spec.limits?.({ tier })).toEqual([
        { requests: second, window: 1000 },
        { requests: minute, window: 60_000 }
      ])
    }
  )
})
