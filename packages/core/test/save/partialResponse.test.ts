import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { download, earlier, metadata } from "../support/downloadLink.ts"
import type { Earlier } from "../support/downloadLink.ts"

describe("a partial response", () => {
  const partial = (headers: Readonly<Record<string, string>>, from: Earlier = earlier) =>
    download([{ status: 206, headers, chunks: ["def"] }], { earlier: from })

  it("is not checked against Content-MD5, which is the digest of the part", async () => {
    const md5 = createHash("md5").update("def").digest("base64")
    const { result } = await partial({ "content-range": "bytes 3-5/6", "content-md5": md5 })
    expect(result).toEqual({ contentType: undefined, isLengthKnown: true })
  })

  it.each([
    ["another start", { "content-range": "bytes 2-5/6" }],
    ["another total", { "content-range": "bytes 3-5/7" }],
    ["no range", {}],
    ["a range in another unit", { "content-range": "items 3-5/6" }],
    ["text after the range", { "content-range": "bytes 3-5/6 or so" }],
    ["text before the range", { "content-range": "x bytes 3-5/6" }],
    ["another entity tag", { "content-range": "bytes 3-5/6", etag: '"v2"' }]
  ])("with %s is rejected, and the earlier bytes are discarded", async (_, headers) => {
    const { error, bytes, metadata: stored } = await partial(headers)
    expect({ error, bytes, metadata: stored }).toEqual({
      error: { tag: "Transient", message: "the server returned another range than requested" },
      bytes: "",
      metadata: undefined
    })
  })

  it.each([
    ["blanks around its range", { "content-range": " bytes 3-5/6 " }, metadata, true],
    ["an unknown total", { "content-range": "bytes 3-5/*" }, metadata, true],
    [
      "a total that was unknown before",
      { "content-range": "bytes 3-5/6" },
      { ...metadata, total: undefined },
      true
    ],
    [
      "a total that stays unknown",
      { "content-range": "bytes 3-5/*" },
      { ...metadata, total: undefined },
      false
    ]
  ])("with %s is accepted", async (_, headers, stored, isLengthKnown) => {
    const { result, bytes } = await partial(headers, { bytes: "abc", metadata: stored })
    expect({ result, bytes }).toEqual({
      result: { contentType: undefined, isLengthKnown },
      bytes: "abcdef"
    })
  })

  it("that is interrupted is kept after the earlier bytes", async () => {
    const response = {
      status: 206,
      headers: { "content-range": "bytes 3-5/6" },
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

  it.each([206, 416])("with status %i to a request without a range is rejected", async (status) => {
    const { error } = await download([{ status, headers: { "content-range": "bytes 0-5/6" } }])
    expect(error).toEqual({ tag: "Rejected", message: `the file server responded with HTTP ${status}` })
  })
})
