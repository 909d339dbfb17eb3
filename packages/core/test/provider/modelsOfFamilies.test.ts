import { expect, it } from "vitest"
import { modelsOfFamilies } from "../../src/provider/modelsOfFamilies.ts"

it("describes each model as its family", () => {
  const image = { mediaKind: "image" } as const
  const video = { mediaKind: "video" } as const
  const families = { "acme-1": "image", "acme-1-fast": "image", "acme-2": "video" } as const
  const table = modelsOfFamilies(families, { image, video })
  expect(table).toEqual({ "acme-1": image, "acme-1-fast": image, "acme-2": video })
  expect(table["acme-2"].mediaKind satisfies "video").toBe("video")
})
