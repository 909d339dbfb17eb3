import { expect, it } from "vitest"
import type { InputFile } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"

const file: InputFile = {
  _tag: "InputFile",
  id: "1",
  name: "fox.png",
  mediaType: "image/png",
  size: 1_048_577
}

const messageOf = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value).error?.issues[0]?.message

it.each([["https://a.example/1.png"], [file]])("accepts %j", (value) => {
  expect(mediaInput("image").parse(value)).toEqual(value)
})

it.each([[""], [1], [null], [{ url: "https://a.example/1.png" }]])("rejects %j", (value) => {
  expect(messageOf(mediaInput("image"), value)).toBe("must be a URL or a file")
})

it("rejects a file that is larger than the maximum", () => {
  expect(messageOf(mediaInput("image", { maxMegabytes: 1 }), file)).toBe("must not be larger than 1 MB")
  expect(mediaInput("image", { maxMegabytes: 2 }).safeParse(file).success).toBe(true)
})

it("has the JSON Schema of a URL with a media type", () => {
  expect(z.toJSONSchema(z.strictObject({ clip: mediaInput("video") })).properties?.["clip"]).toEqual({
    type: "string",
    format: "uri",
    contentMediaType: "video/*"
  })
})
