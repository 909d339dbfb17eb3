import { createHash } from "node:crypto"
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { download } from "../support/downloadLink.ts"
import { binary, complete, download as downloadOutput, pngMedia, url } from "../support/downloadOutput.ts"
import { png } from "../support/mediaFiles.ts"

const encoded = (bytes: Buffer, encoding: string, headers: Readonly<Record<string, string>> = {}) => ({
  headers: { "content-encoding": encoding, "content-length": String(bytes.length), etag: '"v1"', ...headers },
  // In several chunks, one of which is empty.
  chunks: [binary(bytes.subarray(0, 5)), "", binary(bytes.subarray(5))]
})
const text = Buffer.from("abcdef".repeat(50))
const gzipped = gzipSync(text)

describe("an encoded response", () => {
  it.each([
    ["gzip", gzipped],
    ["X-GZIP", gzipped],
    ["deflate", deflateSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
    ["br, gzip", gzipSync(brotliCompressSync(text))]
  ])("in %s is decoded, and cannot be resumed", async (encoding, bytes) => {
    const { result, bytes: saved, metadata } = await download([encoded(bytes, encoding)])
    expect({ result, saved, metadata }).toEqual({
      result: { contentType: undefined, isDelimited: true, isVerified: false },
      saved: text.toString(),
      metadata: undefined
    })
  })

  it("is not decoded if the encoding is identity", async () => {
    const { result, metadata } = await download([encoded(text, "identity")])
    expect({ isDelimited: result?.isDelimited, validator: metadata?.validator }).toEqual({
      isDelimited: true,
      validator: '"v1"'
    })
  })

  it.each(["compress", "gzip, gzip, gzip", "unknown"])("in %s is kept as it is", async (encoding) => {
    const { result, bytes, metadata } = await download([encoded(text, encoding)])
    expect({ result, bytes, metadata }).toEqual({
      result: { contentType: undefined, isDelimited: true, isVerified: false, unknownEncoding: encoding },
      bytes: text.toString(),
      metadata: undefined
    })
  })

  it.each([
    ["is truncated", gzipped.subarray(0, -4), {}],
    ["is no valid data", Buffer.from("this is not compressed"), {}]
  ])("that %s fails", async (_, bytes, headers) => {
    const { error, failure } = await download([encoded(bytes, "gzip", headers)])
    expect(error).toEqual({ tag: "Transient", message: "the encoded data is incomplete or invalid" })
    expect(failure?.cause).toBeInstanceOf(Error)
  })

  it("is checked against its length and digest, which are those of the encoded data", async () => {
    const long = await download([encoded(gzipped, "gzip", { "content-length": "1000" })])
    expect({ error: long.error, bytes: long.bytes }).toEqual({
      error: { tag: "Transient", message: `received ${gzipped.length} of 1000 encoded bytes` },
      bytes: ""
    })
    const digest = (data: Buffer) => `sha-256=:${createHash("sha256").update(data).digest("base64")}:`
    const right = await download([encoded(gzipped, "gzip", { "repr-digest": digest(gzipped) })])
    expect(right.result?.isVerified).toBe(true)
    const wrong = await download([encoded(gzipped, "gzip", { "repr-digest": digest(text) })])
    expect(wrong.error?.message).toBe("the file does not match the digest in the response headers")
  })

  it("is limited in its decoded size", async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000))
    const { error } = await download([encoded(bomb, "gzip")])
    expect(error).toEqual({ tag: "TooLarge", message: "the file is larger than the limit of 1000 bytes" })
  })
})

describe("an encoded file", () => {
  it("is recognized after it is decoded", async () => {
    const { media, retries } = await downloadOutput([encoded(gzipSync(png), "gzip")])
    expect({ media, retries }).toEqual({ media: pngMedia, retries: [] })
  })

  it("is not media if it is a web page", async () => {
    const page = encoded(gzipSync("<html>busy</html>"), "gzip")
    expect((await downloadOutput([page], { attempts: 1 })).reason).toMatchObject({ _tag: "NotMedia" })
  })

  it("is accepted if an unknown encoding was declared and not applied", async () => {
    const { media, retries } = await downloadOutput([encoded(png, "aws-chunked")])
    expect({ media, retries }).toEqual({ media: pngMedia, retries: [] })
  })

  it("in an unknown encoding is downloaded again, and then refused", async () => {
    const unknown = encoded(gzipSync(png), "unknown")
    expect((await downloadOutput([unknown, complete(png)])).media).toEqual(pngMedia)
    expect((await downloadOutput([unknown], { attempts: 1 })).reason).toEqual({
      _tag: "UnsupportedEncoding",
      url,
      encoding: "unknown"
    })
  })
})
