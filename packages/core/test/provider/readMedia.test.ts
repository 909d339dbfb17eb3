import { describe, expect, it } from "vitest"
import { readMedia } from "@gentask/core/provider"
import type { OutputDraft } from "@gentask/core/provider"

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
const jpeg = `/9j/4AAQSkZJRgABAQAAAQABAAD${"A".repeat(60)}`

/** Outputs without members that are undefined. */
const read = (value: unknown, kind: OutputDraft["kind"] = "image") =>
  readMedia(value, { kind }).map((output) => ({ ...output }))

const image = (url: string) => ({ kind: "image", role: undefined, url })
const video = (url: string) => ({ kind: "video", role: undefined, url })

describe("readMedia", () => {
  it.each([
    ["a link", "https://a.example/1", ["https://a.example/1"]],
    ["a relative link", "/v1/videos/1/content", ["/v1/videos/1/content"]],
    ["an object key", "seedance/video/1.png", ["seedance/video/1.png"]],
    ["a link in backticks", " `https://a.example/1` ", ["https://a.example/1"]],
    [
      "links with commas between them",
      "https://a.example/1,https://a.example/2",
      ["https://a.example/1", "https://a.example/2"]
    ],
    ["a link with a comma", "https://a.example/1?resize,w_100", ["https://a.example/1?resize,w_100"]],
    [
      "lines of links",
      "https://a.example/1\nhttps://a.example/2",
      ["https://a.example/1", "https://a.example/2"]
    ],
    ["Markdown", "Done: ![cat](https://a.example/1.png) by us", ["https://a.example/1.png"]],
    [
      "a list",
      ["https://a.example/1", null, "", "https://a.example/2"],
      ["https://a.example/1", "https://a.example/2"]
    ],
    [
      "nested lists",
      [["https://a.example/1"], ["https://a.example/2"]],
      ["https://a.example/1", "https://a.example/2"]
    ],
    ["an object", { url: "https://a.example/1" }, ["https://a.example/1"]],
    ["an object in an object", { image_url: { url: "https://a.example/1" } }, ["https://a.example/1"]],
    [
      "a list of objects",
      [{ id: 1, url: "https://a.example/1" }, { src: "https://a.example/2" }],
      ["https://a.example/1", "https://a.example/2"]
    ],
    ["OpenAI's form", { created: 1, data: [{ url: "https://a.example/1" }] }, ["https://a.example/1"]],
    [
      "names in camel case",
      { resultUrls: ["https://a.example/1"], resultImageUrl: "https://a.example/2" },
      ["https://a.example/1", "https://a.example/2"]
    ],
    ["a nested result", { response: { resultUrls: ["https://a.example/1"] } }, ["https://a.example/1"]],
    ["texts in a list of outputs", { outputs: ["https://a.example/1"] }, ["https://a.example/1"]],
    ["JSON as text", '{"resultUrls":["https://a.example/1"]}', ["https://a.example/1"]],
    ["a list as JSON", ' ["https://a.example/1"] ', ["https://a.example/1"]],
    [
      "JSON as text inside of JSON as text",
      JSON.stringify({ result: '{"url":"https://a.example/1"}' }),
      ["https://a.example/1"]
    ],
    [
      "JSON as text that is encoded twice",
      '"{\\"urls\\":[\\"https://a.example/1\\"]}"',
      ["https://a.example/1"]
    ],
    ["Markdown that begins with a link", "[video](https://a.example/1.png)", ["https://a.example/1.png"]],
    ["JSON with something after it", '{"urls":["https://a.example/}1"]}\n{}', ["https://a.example/}1"]]
  ])("reads %s", (_, value, urls) => {
    expect(read(value)).toEqual(urls.map(image))
  })

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["false", false],
    ["a number", 3],
    ["blank text", " "],
    ["an empty object", {}],
    ["empty lists", { image_urls: [], images: null, video_url: "" }],
    ["invalid JSON", '{"url":'],
    ["prose where a result may be", { result: "ok", content: "A cat on a sofa.", data: "1.25" }],
    [
      "links of the input and of the vendor's pages",
      {
        input_url: "https://a.example/1.png",
        reference_images: ["https://a.example/2.png"],
        callBackUrl: "https://a.example/3",
        callback_url: "https://a.example/4",
        status_url: "https://a.example/5",
        share_url: "https://a.example/6",
        input: { url: "https://a.example/7.png" }
      }
    ],
    ["members with other names", { id: "https://a.example/1.png", prompt: "https://a.example/2.png" }],
    ["what is nested too deeply", [[[[[[[[[["https://a.example/1"]]]]]]]]]]]
  ])("ignores %s", (_, value) => {
    expect(read(value)).toEqual([])
  })

  it("reads each link once, at its first place", () => {
    const value = {
      image_url: "https://a.example/1",
      image_urls: ["https://a.example/1", "https://a.example/2"]
    }
    expect(read(value)).toEqual([image("https://a.example/1"), image("https://a.example/2")])
  })

  it.each([
    ["the link's extension", { url: "https://a.example/1.mp4?x=1" }, "video"],
    ["the link's extension before the name", { image_url: "https://a.example/1.mp4" }, "video"],
    ["the member's name", { video_url: "https://a.example/1" }, "video"],
    ["the name of the list", { audios: [{ url: "https://a.example/1" }] }, "audio"],
    ["the object's type", { data: [{ type: "video", url: "https://a.example/1" }] }, "video"],
    ["the object's media type", { mime_type: "audio/mpeg", url: "https://a.example/1" }, "audio"],
    ["the field", { url: "https://a.example/1.gif" }, "image"]
  ])("derives the kind from %s", (_, value, kind) => {
    expect(read(value)).toMatchObject([{ kind }])
  })

  it.each([
    ["resultWaterMarkUrls", "watermarked"],
    ["watermarked_video_url", "watermarked"],
    ["no_watermark_url", undefined],
    ["thumbnail_url", "thumbnail"],
    ["coverUrl", "thumbnail"],
    ["preview_url", "preview"],
    ["download_url", undefined]
  ])("derives the role from the name %s", (name, role) => {
    expect(read({ [name]: ["https://a.example/1"] })).toMatchObject([{ role }])
  })

  it("uses the role of the field", () => {
    expect(readMedia(["https://a.example/1"], { kind: "image", role: "preview" })).toMatchObject([
      { role: "preview" }
    ])
  })

  it.each([
    ["a data URI", `data:image/webp;base64,${png}`, "image", "image/webp"],
    ["a data URI of another kind", "data:video/mp4;base64,AAAA", "video", "video/mp4"],
    ["a data URI without a type", "data:;base64,AAAA", "image", undefined],
    ["a data URI as the link of an object", { url: `data:IMAGE/PNG;base64,${png}` }, "image", "image/png"],
    ["a data URI as base64", { b64_json: `data:image/png;base64,${png}` }, "image", "image/png"],
    ["a PNG without a prefix", png, "image", undefined],
    ["a JPEG without a prefix", { url: jpeg }, "image", undefined],
    ["a member with base64", { data: [{ b64_json: "AAAA" }] }, "image", undefined],
    ["members with base64", { binary_data_base64: ["/9j/4AAQ"] }, "image", undefined],
    ["base64 in camel case", { videos: [{ bytesBase64Encoded: "AAAA" }] }, "video", undefined]
  ])("reads %s", (_, value, kind, mediaType) => {
    const [output, ...rest] = read(value)
    expect({ kind: output?.kind, mediaType: output?.mediaType, rest }).toEqual({ kind, mediaType, rest: [] })
    expect(output?.base64).toMatch(/^(?:data:|AAAA|iVBOR|\/9j\/)/)
    expect(output?.url).toBeUndefined()
  })

  it("reads a link where base64 is documented", () => {
    expect(read({ b64_json: "https://a.example/1" })).toEqual([image("https://a.example/1")])
  })

  it("leaves out links for the vendor's own use if there are others", () => {
    expect(read([{ uri: "tos://bucket/1.png", url: "https://a.example/1.png" }])).toEqual([
      image("https://a.example/1.png")
    ])
    expect(read({ uri: "gs://bucket/1.mp4" })).toEqual([video("gs://bucket/1.mp4")])
  })
})
