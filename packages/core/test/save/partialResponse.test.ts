import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { download, earlier, metadata } from "../support/downloadLink.ts"
import type { Earlier } from "../support/downloadLink.ts"

describe("a partial response", () => {
  const etag = '"v1"'
  const range = "bytes 3-5/6"
  const partial = (headers: Readonly<Record<string, string>>, from: Earlier = earlier) =>
    download([{ status: 206, headers, chunks: ["def"] }], { earlier: from })
  const changed = "the server returned another range than requested"

  it("is not checked against Content-MD5, which is the digest of the part", async () => {
    const md5 = createHash("md5").update("def").digest("base64")
    const { result } = await partial({ "content-range": range, "content-md5": md5, etag })
    expect(result).toEqual({ contentType: "image/png", isDelimited: true, isVerified: false })
  })

  it.each([
    ["another start", { "content-range": "bytes 2-5/6", etag }],
    ["another total", { "content-range": "bytes 3-5/7", etag }],
    ["no range", { etag }],
    ["a range in another unit", { "content-range": "items 3-5/6", etag }],
    ["text after the range", { "content-range": "bytes 3-5/6 or so", etag }],
    ["text before the range", { "content-range": "x bytes 3-5/6", etag }],
    ["another entity tag", { "content-range": range, etag: '"v2"' }],
    ["a weak entity tag", { "content-range": range, etag: 'W/"v1"' }],
    ["no entity tag", { "content-range": range }],
    ["a content encoding", { "content-range": range, etag, "content-encoding": "gzip" }],
    ["several parts", { "content-range": range, etag, "content-type": "multipart/byteranges; boundary=b" }],
    ["another type", { "content-range": range, etag, "content-type": "text/html" }]
  ])("with %s is rejected, and the earlier bytes are discarded", async (_, headers) => {
    const { error, bytes, metadata: stored } = await partial(headers)
    expect({ error, bytes, metadata: stored }).toEqual({
      error: { tag: "Transient", message: changed },
      bytes: "",
      metadata: undefined
    })
  })

  it("with a modification date needs the same one, and a Date that makes it strong", async () => {
    const lastModified = "Mon, 01 Jan 2024 00:00:00 GMT"
    const from = { bytes: "abc", metadata: { ...metadata, validator: lastModified } }
    const dated = (modified: string, date: string) =>
      partial({ "content-range": range, "last-modified": modified, date }, from)
    expect((await dated(lastModified, "Mon, 01 Jan 2024 00:02:00 GMT")).bytes).toBe("abcdef")
    expect((await dated(lastModified, lastModified)).error?.message).toBe(changed)
    const later = "Mon, 01 Jan 2024 00:00:01 GMT"
    expect((await dated(later, "Mon, 01 Jan 2024 00:02:00 GMT")).error?.message).toBe(changed)
  })

  it.each([
    ["blanks around its range", { "content-range": " bytes 3-5/6 " }, metadata, true],
    ["an unknown total", { "content-range": "bytes 3-5/*" }, metadata, true],
    ["no type where there was one", { "content-range": range }, metadata, true],
    [
      "the same type in another form",
      { "content-range": range, "content-type": "Image/PNG;a=b" },
      metadata,
      true
    ],
    ["the encoding identity", { "content-range": range, "content-encoding": "identity" }, metadata, true],
    ["a total that was unknown before", { "content-range": range }, { ...metadata, total: undefined }, true],
    [
      "a total that stays unknown",
      { "content-range": "bytes 3-5/*" },
      { ...metadata, total: undefined },
      false
    ]
  ])("with %s is accepted", async (_, headers, stored, isDelimited) => {
    const { result, bytes } = await partial({ ...headers, etag }, { bytes: "abc", metadata: stored })
    expect({ result, bytes }).toEqual({
      result: { contentType: "image/png", isDelimited, isVerified: false },
      bytes: "abcdef"
    })
  })

  it("that is longer than its range is discarded", async () => {
    const { error, bytes } = await partial({ "content-range": "bytes 3-4/6", etag })
    expect({ error, bytes }).toEqual({
      error: { tag: "Transient", message: "received 6 of 6 bytes" },
      bytes: ""
    })
  })

  it("that is shorter than requested is kept", async () => {
    const response = { status: 206, headers: { "content-range": "bytes 3-4/6", etag }, chunks: ["de"] }
    const { error, bytes } = await download([response], { earlier })
    expect({ error, bytes }).toEqual({
      error: { tag: "Transient", message: "received 5 of 6 bytes" },
      bytes: "abcde"
    })
  })

  it("that is interrupted is kept after the earlier bytes", async () => {
    const response = {
      status: 206,
      headers: { "content-range": range, etag },
      chunks: ["d", new Error("reset")]
    }
    const { bytes, metadata: stored } = await download([response], { earlier })
    expect({ bytes, metadata: stored }).toEqual({ bytes: "abcd", metadata })
  })

  it("with status 416 discards the earlier bytes, because the file has changed", async () => {
    const { error, bytes } = await download([{ status: 416 }], { earlier })
    expect({ error, bytes }).toEqual({
      error: { tag: "Transient", message: "the file changed on the server" },
      bytes: ""
    })
  })

  it.each([
    [206, "Transient"],
    [416, "Rejected"]
  ])("with status %i to a request without a range fails with %s", async (status, tag) => {
    const { error, bytes } = await download([
      { status, headers: { "content-range": "bytes 0-5/6", etag }, chunks: ["abcdef"] }
    ])
    expect({ error, bytes }).toEqual({
      error: { tag, message: `the file server responded with HTTP ${status}` },
      bytes: ""
    })
  })
})
