import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { recognizeMedia } from "../../src/save/download/MediaType.ts"

let path = ""
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), "gentask-")), "file")
})
afterAll(() => rm(join(path, ".."), { recursive: true, force: true }))

const read = async (bytes: string | Uint8Array, contentType?: string) => {
  await writeFile(path, bytes)
  const file = await open(path)
  return recognizeMedia(file, contentType).finally(() => file.close())
}

describe("a file", () => {
  it.each([
    ["sample.png", { mime: "image/png", extension: "png" }],
    ["sample.jpeg", { mime: "image/jpeg", extension: "jpg" }],
    ["sample.gif", { mime: "image/gif", extension: "gif" }],
    ["sample.webp", { mime: "image/webp", extension: "webp" }],
    ["sample.mp4", { mime: "video/mp4", extension: "mp4" }]
  ])("is known by its bytes, whatever the server says: %s", async (name, type) => {
    const bytes = await readFile(new URL(`../../../emulator/media/${name}`, import.meta.url))
    for (const word of [undefined, "text/html", "audio/mpeg"]) expect(await read(bytes, word)).toEqual(type)
  })

  const unsigned = Buffer.from([0, 1, 2, 3, 255, 254, 0, 7])

  it.each([
    ["video/mp2t", { mime: "video/mp2t", extension: "ts" }],
    ["audio/mpeg", { mime: "audio/mpeg", extension: "mp3" }],
    ["audio/aac", { mime: "audio/aac", extension: "aac" }],
    [" Audio/MPEG ; charset=binary", { mime: "audio/mpeg", extension: "mp3" }],
    ["image/png", undefined],
    ["application/octet-stream", undefined],
    ["", undefined],
    [undefined, undefined]
  ])(
    "without a signature is what the server says, where that format may have none: %s",
    async (word, type) => {
      expect(await read(unsigned, word)).toEqual(type)
    }
  )

  it.each([
    ["a text", "busy, come back later"],
    ["a text in another script", "服务繁忙"],
    ["a page", "<!doctype html><p>busy</p>\r\n\t"],
    ["nothing", ""]
  ])("that is %s is no media, though the server says so", async (_, text) => {
    expect(await read(text, "audio/mpeg")).toBeUndefined()
  })

  it("that is text at first and bytes then is no text", async () => {
    expect(await read(Buffer.concat([Buffer.from("ID"), unsigned]), "audio/aac")).toBeDefined()
    expect(await read(Buffer.concat([Buffer.from("a".repeat(512)), unsigned]), "audio/aac")).toBeUndefined()
  })

  it("that is something else by its bytes is no media", async () => {
    const zip = Buffer.from("504b0304140000000800", "hex")
    expect(await read(zip, "audio/mpeg")).toBeUndefined()
  })

  it("in SVG is an image where both the server and its tag say so", async () => {
    const svg = { mime: "image/svg+xml", extension: "svg" }
    expect(await read("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")).toEqual(svg)
    expect(await read("<!-- made --> <SVG>", "image/svg+xml; charset=utf-8")).toEqual(svg)
    expect(await read("<svg/>", "text/html")).toBeUndefined()
    expect(await read("<svgx>", "image/svg+xml")).toBeUndefined()
    expect(await read("<p>busy</p>", "image/svg+xml")).toBeUndefined()
  })
})
