import { expect, it } from "vitest"
import { defineModel, mediaJsonSchema } from "../../src/provider/index.ts"

it("defineModel supports the common inputs that have a name, and creates the schema on first use", () => {
  let created = 0
  const model = defineModel("image", { prompt: "text", images: { name: "image", as: "single" } }, () => {
    created += 1
    return {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: (value: unknown) => ({ value }),
        jsonSchema: { input: () => ({}), output: () => ({}) }
      }
    }
  })
  expect(model).toMatchObject({ mediaKind: "image", supportedInputs: ["prompt", "images"], docs: undefined })
  expect(created).toBe(0)
  expect(model.input["~standard"].validate({ text: "A fox" })).toEqual({ value: { text: "A fox" } })
  expect(created).toBe(1)
})

it("mediaJsonSchema marks a media input", () => {
  expect(mediaJsonSchema("video")).toEqual({
    type: "string",
    format: "uri",
    contentMediaType: "video/*"
  })
})
