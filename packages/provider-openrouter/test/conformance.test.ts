import { conformance, requestOf, requestOfSubmit } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { openrouter } from "../src/index.ts"

const image = "https://files.example.com/1.png"

describe(spec.id, () => {
  for (const check of conformance(spec, new URL("recordings/", import.meta.url))) it(check.name, check.run)

  it("sends the key as a bearer token", () => {
    const { url, headers } = requestOf(openrouter({ apiKey: "key" }), "openrouter:job-abc123")
    expect(url.href).toBe("https://openrouter.ai/api/v1/videos/job-abc123")
    expect(headers["authorization"]).toBe("Bearer key")
  })

  it("rejects frames beside references, which the vendor would ignore", () => {
    for (const other of [{ images: [image] }, { videos: [image] }, { audios: [image] }])
      expect(() =>
        requestOfSubmit(spec, { model: "google/veo-3.1", common: { firstFrame: image, ...other } })
      ).toThrow("cannot be combined")
  })
})
