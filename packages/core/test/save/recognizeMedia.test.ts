import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { recognizeMedia } from "../../src/save/download/recognizeMedia.ts"

let path = ""
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), "gentask-")), "file")
})
afterAll(() => rm(join(path, ".."), { recursive: true, force: true }))

const recognize = async (bytes: string | Uint8Array, contentType?: string) => {
  await writeFile(path, bytes)
  const file = await open(path)
  return recognizeMedia(file, contentType).finally(() => file.close())
}

describe("recognizeMedia", () => {
  it.each([
    ["sample.png", { mediaType: "image/png", extension: "png" }],
    ["sample.jpeg", { mediaType: "image/jpeg", extension: "jpg" }],
    ["sample.gif", { mediaType: "image/gif", extension: "gif" }],
    ["sample.webp", { mediaType: "image/webp", extension: "webp" }],
    ["sample.mp4", { mediaType: "video/mp4", extension: "mp4" }]
  ])("recognizes %s by its bytes, whatever the declared type", async (name, expected) => {
    const bytes = await readFile(new URL(`../../../emulator/media/${name}`, import.meta.url))
    for (const contentType of [undefined, "text/html", "audio/mpeg"])
      expect(await recognize(bytes, contentType)).toEqual(expected)
  })

  const withoutSignature = Buffer.from([0, 1, 2, 3, 255, 254, 0, 7])

  it.each([
    ["video/mp2t", { mediaType: "video/mp2t", extension: "ts" }],
    ["audio/mpeg", { mediaType: "audio/mpeg", extension: "mp3" }],
    ["audio/aac", { mediaType: "audio/aac", extension: "aac" }],
    [" Audio/MPEG ; charset=binary", { mediaType: "audio/mpeg", extension: "mp3" }],
    ["image/png", undefined],
    ["application/octet-stream", undefined],
    ["", undefined],
    [undefined, undefined]
  ])(
    "uses the declared type %s of bytes without a signature only if its format may have none",
    async (contentType, expected) => {
      expect(await recognize(withoutSignature, contentType)).toEqual(expected)
    }
  )

  it.each([
    ["text", "busy, come back later"],
    ["text in another script", "服务繁忙"],
    ["an HTML page", "<!doctype html><p>busy</p>\r\n\t"],
    ["an empty file", ""]
  ])("rejects %s that is declared as audio", async (_, text) => {
    expect(await recognize(text, "audio/mpeg")).toBeUndefined()
  })

  it("accepts bytes that begin with text, unless the first 512 bytes are text", async () => {
    const shortText = Buffer.concat([Buffer.from("ID"), withoutSignature])
    expect(await recognize(shortText, "audio/aac")).toBeDefined()
    const longText = Buffer.concat([Buffer.from("a".repeat(512)), withoutSignature])
    expect(await recognize(longText, "audio/aac")).toBeUndefined()
  })

  it("rejects a file with the signature of a format that is not media", async () => {
    const zip = Buffer.from("504b0304140000000800", "hex")
    expect(await recognize(zip, "audio/mpeg")).toBeUndefined()
  })

  it("recognizes SVG only if both the declared type and a tag say so", async () => {
    const svg = { mediaType: "image/svg+xml", extension: "svg" }
    expect(await recognize("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")).toEqual(svg)
    expect(await recognize("<!-- made --> <SVG>", "image/svg+xml; charset=utf-8")).toEqual(svg)
    expect(await recognize("<svg/>", "text/html")).toBeUndefined()
    expect(await recognize("<svgx>", "image/svg+xml")).toBeUndefined()
    expect(await recognize("<p>busy</p>", "image/svg+xml")).toBeUndefined()
  })
})
