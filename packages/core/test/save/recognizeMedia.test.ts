import { randomBytes } from "node:crypto"
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { recognizeMedia, sampleBytes } from "../../src/save/download/recognizeMedia.ts"
import {
  adts,
  ftyp,
  gif,
  jpeg,
  mp3,
  mp4,
  png,
  riff,
  transportStream,
  webm,
  webp
} from "../support/mediaFiles.ts"

const recognize = (bytes: string | Uint8Array, contentType?: string) =>
  recognizeMedia(Buffer.from(bytes as Uint8Array).subarray(0, sampleBytes), contentType)

describe("recognizeMedia", () => {
  it.each([
    ["png", png, { mediaType: "image/png", extension: "png" }],
    ["jpeg", jpeg, { mediaType: "image/jpeg", extension: "jpg" }],
    ["gif", gif, { mediaType: "image/gif", extension: "gif" }],
    ["webp", webp, { mediaType: "image/webp", extension: "webp" }],
    ["avif", ftyp("avif"), { mediaType: "image/avif", extension: "avif" }],
    ["mp4", mp4, { mediaType: "video/mp4", extension: "mp4" }],
    ["webm", webm(200), { mediaType: "video/webm", extension: "webm" }],
    ["wav", riff("WAVE"), { mediaType: "audio/wav", extension: "wav" }],
    ["mp3", mp3(), { mediaType: "audio/mpeg", extension: "mp3" }],
    ["aac", adts(), { mediaType: "audio/aac", extension: "aac" }],
    ["ts", transportStream(), { mediaType: "video/mp2t", extension: "mts" }]
  ])("recognizes %s by its bytes, whatever the declared type", async (_, bytes, expected) => {
    for (const contentType of [undefined, "text/html", "audio/mpeg", "image/png"])
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
})

describe("recognizeMedia of text", () => {
  const sentence = "链接已过期，请重新获取下载地址。"
  const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16()
  const utf32 = (text: string): Buffer =>
    Buffer.from(Uint32Array.from(Array.from(text), (character) => character.codePointAt(0) ?? 0).buffer)

  const texts: ReadonlyArray<readonly [string, Uint8Array]> = [
    ["plain text", Buffer.from("busy, come back later")],
    ["text that begins like a bitmap", Buffer.from("BM is overloaded")],
    ["an empty file", Buffer.alloc(0)],
    ["an HTML page", Buffer.from("<!doctype html><p>busy</p>\r\n\t")],
    ["an HTML page with a stray control character", Buffer.from("<html>\0\0<p>busy</p>")],
    ["JSON", Buffer.from('{"code":404}')],
    ["UTF-8", Buffer.from(sentence)],
    ["UTF-8 with a byte order mark", Buffer.from(`\uFEFF${sentence}`)],
    // 链接已过期
    ["GBK", Buffer.from("c1b4bdd3d2d1b9fdc6da".repeat(9), "hex")],
    // ファイルが見つかりません
    ["Shift JIS", Buffer.from("83748340834383738acf82aa8ca982c282a982e882dc82b982f1", "hex")],
    // Fehler: Schlüssel ungültig
    ["ISO 8859-1", Buffer.from("Fehler: Schl\u00FCssel ung\u00FCltig", "latin1")],
    ["UTF-16LE with a byte order mark", Buffer.from("\uFEFFbusy", "utf16le")],
    ["UTF-16BE with a byte order mark", utf16be("\uFEFF忙")],
    ["UTF-16LE", Buffer.from(sentence.repeat(9), "utf16le")],
    ["UTF-16BE", utf16be(sentence.repeat(9))],
    ["UTF-16LE markup", Buffer.from(`<html>${sentence}</html>`, "utf16le")],
    ["UTF-16LE in Korean", Buffer.from("링크가 만료되었습니다. 다시 시도하십시오.", "utf16le")],
    ["UTF-16BE JSON", utf16be('{"code":404}')],
    ["UTF-32", utf32("链接已过期，请重试。")],
    ["UTF-32 markup", utf32("<html><body>busy</body></html>")]
  ]
  const types = ["audio/mpeg", "audio/aac", "video/mp2t", "image/png", "image/svg+xml", undefined]

  it.each(texts)("rejects %s, whatever the declared type", async (_, bytes) => {
    for (const type of types) expect(await recognize(bytes, type)).toBeUndefined()
  })

  it("rejects text that is cut inside of a character, wherever that is", async () => {
    for (let blanks = 0; blanks < 4; blanks += 1) {
      const page = Buffer.from(`<html>${" ".repeat(blanks)}${sentence.repeat(200)}</html>`)
      expect(await recognize(page, "audio/mpeg")).toBeUndefined()
      expect(
        await recognize(Buffer.from(page.toString(), "utf16le").subarray(0, 4000 + blanks), "audio/mpeg")
      ).toBeUndefined()
    }
  })

  it.each([
    ["gzip", gzipSync],
    ["zlib", deflateSync],
    ["raw deflate", deflateRawSync],
    ["Brotli", brotliCompressSync],
    ["Zstandard", zstdCompressSync]
  ])("rejects text that is compressed with %s", async (_, compress) => {
    const long = `<html>${sentence.repeat(20)}${randomBytes(8000).toString("hex")}</html>`
    for (const text of [long, '{"code":404,"message":"the link has expired, please request a new one"}'])
      for (const type of types) expect(await recognize(compress(Buffer.from(text)), type)).toBeUndefined()
  })

  it("accepts random bytes with a declared type", async () => {
    for (let count = 0; count < 200; count += 1) {
      const bytes = Buffer.concat([withoutMeaning, randomBytes(4092)])
      expect(await recognize(bytes, "audio/mpeg")).toBeDefined()
    }
  })
})

/** The start of no known format, and of no compressed data. */
const withoutMeaning = Buffer.from([0xf7, 0, 2, 3, 255, 254, 0, 7])

describe("recognizeMedia of SVG", () => {
  const svg = { mediaType: "image/svg+xml", extension: "svg" }

  it.each([
    "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "<!-- made --> <SVG>",
    '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [ <!ENTITY a "b"> ]>\n<svg>',
    "\uFEFF<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>"
  ])("accepts %s if it is declared as SVG", async (text) => {
    expect(await recognize(text, "image/svg+xml; charset=utf-8")).toEqual(svg)
    expect(await recognize(Buffer.from(`\uFEFF${text}`, "utf16le"), "image/svg+xml")).toEqual(svg)
    expect(await recognize(text, "text/html")).toBeUndefined()
  })

  it.each([
    "<svgx>",
    "<p>busy</p>",
    "<html><body><h1>busy</h1><svg viewBox='0 0 1 1'><path d='M0 0'/></svg></body></html>",
    "<!doctype html><svg></svg>",
    "<!-- <svg> --><p>busy</p>",
    'the link <a href="x"><svg/></a> has expired'
  ])("rejects %s", async (text) => {
    expect(await recognize(text, "image/svg+xml")).toBeUndefined()
  })
})

describe("3D models", () => {
  const zip = (name: string): Buffer => {
    const head = Buffer.alloc(30)
    head.write("PK\u0003\u0004", "latin1")
    head.writeUInt16LE(name.length, 26)
    return Buffer.concat([head, Buffer.from(name), Buffer.alloc(64)])
  }
  const binaryStl = Buffer.concat([Buffer.alloc(80), Buffer.from([1, 0, 0, 0]), Buffer.alloc(50, 7)])

  it.each<readonly [string, string, Buffer, string | undefined]>([
    ["model/gltf-binary", "glb", Buffer.concat([Buffer.from("glTF\x02\0\0\0"), Buffer.alloc(64)]), undefined],
    [
      "application/x-ft-fbx",
      "fbx",
      Buffer.concat([Buffer.from("Kaydara FBX Binary  \0"), Buffer.alloc(64)]),
      undefined
    ],
    ["model/vnd.usdz+zip", "usdz", zip("scene.usdc"), "application/octet-stream"],
    [
      "model/gltf+json",
      "gltf",
      Buffer.from('{"scene":0,"asset":{"generator":"x","version":"2.0"}}'),
      undefined
    ],
    ["model/gltf+json", "gltf", Buffer.from('{"scene":0}'), "model/gltf+json"],
    ["model/obj", "obj", Buffer.from("# Tripo\r\nmtllib a.mtl\r\no fox\r\nv 0.1 -2 3e-5\r\n"), "text/plain"],
    ["model/stl", "stl", Buffer.from("solid fox\n  facet normal 0 0 1\n"), undefined],
    ["model/stl", "stl", binaryStl, "model/stl"],
    ["model/ply", "ply", Buffer.from("ply\nformat ascii 1.0\nelement vertex 8\n"), undefined],
    ["model/ply", "ply", Buffer.concat([Buffer.from("ply\nformat binary"), Buffer.alloc(600)]), undefined]
  ])("detects %s as .%s", async (mediaType, extension, bytes, contentType) => {
    expect(await recognizeMedia(bytes, contentType)).toEqual({ mediaType, extension })
  })

  it.each<readonly [string, Buffer]>([
    ["another archive", zip("readme.txt")],
    ["an error as JSON", Buffer.from('{"error":{"message":"no asset"}}')],
    ["an error page", Buffer.from("<!doctype html><p>v 1 2 3</p>")],
    ["a text", Buffer.from("solid advice\nvery good\n")],
    ["binary data without a declared type", binaryStl]
  ])("rejects %s", async (_, bytes) => {
    expect(await recognizeMedia(bytes, undefined)).toBeUndefined()
  })
})
