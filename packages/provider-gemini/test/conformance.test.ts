import { conformance, requestOf, requestOfSubmit } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { gemini } from "../src/index.ts"

describe(spec.id, () => {
  for (const check of conformance(spec, new URL("recordings/", import.meta.url))) it(check.name, check.run)

  it("sends the key in a header of its own, and the name of the operation as the path", () => {
    const ref = "gemini:models/veo-3.1-generate-preview/operations/a1b2"
    const { url, headers } = requestOf(gemini({ apiKey: "key" }), ref)
    expect(url.href).toBe(
      "https://generativelanguage.googleapis.com/v1beta/models/veo-3.1-generate-preview/operations/a1b2"
    )
    expect(headers["x-goog-api-key"]).toBe("key")
    expect(headers).not.toHaveProperty("authorization")
  })

  it.each(["a1b2", "models/../files/1", "models//operations/1", "/models/veo/operations/1", "models/veo/."])(
    "rejects %s, which is no name of an operation",
    (id) => {
      expect(() => spec.query.request({ id, params: {} }, {})).toThrow(`Invalid operation "${id}"`)
    }
  )

  it("describes an invalid name in one sentence", () => {
    expect(() => requestOf(gemini({ apiKey: "key" }), "gemini:a1b2")).toThrow(
      /such as models\/MODEL\/operations\/ID\.$/
    )
  })

  it.each(["image", "lastFrame", "referenceImages"])(
    "rejects a URL in %s, which the vendor cannot load",
    (name) => {
      const image = "https://files.example.com/1.png"
      const value = name === "referenceImages" ? [{ image }] : image
      expect(() => requestOfSubmit(spec, { model: "veo-9", input: { [name]: value } })).toThrow(
        "Unsupported URL of an image"
      )
    }
  )

  it("accepts a model with the prefix of its name", () => {
    const { path } = requestOfSubmit(spec, { model: "models/veo-9", common: { prompt: "A fox" } })
    expect(path).toBe("/v1beta/models/veo-9:predictLongRunning")
  })
})
