import { createHash } from "node:crypto"
import { ReadableStream } from "node:stream/web"
import { runInNewContext } from "node:vm"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import type { DownloadContext } from "../../src/save/download/downloadLink.ts"
import { download, earlier, file, link, metadata } from "../support/downloadLink.ts"
import { fileServer } from "../support/fileServer.ts"

/** A transport that responds with a body of any type. */
const transportOf = (body: unknown): DownloadContext["transport"] => ({
  ...fileServer([]).transport,
  open: () => Effect.succeed({ status: 200, headers: { "content-length": "3" }, body: body as never })
})

describe("a request", () => {
  it("accepts only unencoded bytes, has a timeout and does not allow private addresses", async () => {
    const { requests } = await download([{ ...file, chunks: ["abc", "def"] }])
    expect(requests).toEqual([
      {
        url: link,
        headers: { accept: "*/*", "accept-encoding": "identity" },
        timeoutMs: 30_000,
        allowPrivate: false
      }
    ])
  })

  it.each([
    [true, "http://127.0.0.1:8080/a.png", true],
    [true, "https://files.example.com/a.png", false]
  ])("with isLocal %s to %s has allowPrivate %s", async (isLocal, href, expected) => {
    const { requests } = await download([{ ...file, chunks: ["abcdef"] }], { isLocal, url: new URL(href) })
    expect(requests.map(({ allowPrivate }) => allowPrivate)).toEqual([expected])
  })

  it("resumes after the bytes of an earlier attempt if the file is unchanged", async () => {
    const { result, bytes, received } = await download(
      [
        {
          status: 206,
          headers: { "content-range": "bytes 3-5/6", "content-type": "image/png", etag: '"v1"' },
          chunks: ["def"]
        }
      ],
      { earlier }
    )
    expect(received).toEqual([{ url: link.href, headers: { range: "bytes=3-", "if-range": '"v1"' } }])
    expect({ result, bytes }).toEqual({
      result: { contentType: "image/png", isDelimited: true, isVerified: false },
      bytes: "abcdef"
    })
  })

  it("is not sent if the part file is already complete", async () => {
    const { result, received } = await download([], { earlier: { bytes: "abcdef", metadata } })
    expect({ result, received }).toEqual({
      result: { contentType: "image/png", isDelimited: true, isVerified: false },
      received: []
    })
  })

  it("starts from the beginning if the earlier bytes have no metadata", async () => {
    const { bytes, received } = await download([{ ...file, chunks: ["abcdef"] }], {
      earlier: { bytes: "zzz", metadata: undefined }
    })
    expect({ bytes, received }).toEqual({ bytes: "abcdef", received: [{ url: link.href, headers: {} }] })
  })
})

describe("a body", () => {
  it("may consist of typed arrays of another realm", async () => {
    const foreign = runInNewContext("Uint8Array.of(97, 98, 99)") as Uint8Array
    const transport = transportOf(ReadableStream.from([foreign]))
    expect((await download([], { transport })).bytes).toBe("abc")
  })

  it("of a type that no transport should return fails with the exception as cause", async () => {
    const { failure } = await download([], { transport: transportOf(ReadableStream.from([123])) })
    expect(failure).toMatchObject({
      _tag: "SaveFailure",
      reason: { _tag: "Unexpected", detail: "TypeError: chunks.reduce is not a function" },
      cause: expect.any(TypeError) as unknown
    })
  })
})

describe("a full response", () => {
  it.each([
    [{ "content-length": "6" }, true],
    [{ "transfer-encoding": "chunked" }, true],
    [{ "transfer-encoding": "gzip, Chunked" }, true],
    [{}, false],
    [{ "transfer-encoding": "chunked, gzip" }, false],
    [{ "content-length": "six" }, false],
    [{ "content-length": "6, 6" }, false]
  ])("with the headers %j has isDelimited %s", async (headers, isDelimited) => {
    const { result, bytes } = await download([{ headers, chunks: ["abc", "def"] }])
    expect({ result, bytes }).toEqual({
      result: { contentType: undefined, isDelimited, isVerified: false },
      bytes: "abcdef"
    })
  })

  const lastModified = "Mon, 01 Jan 2024 00:00:00 GMT"
  const minuteLater = "Mon, 01 Jan 2024 00:01:00 GMT"

  it.each([
    [{ etag: '"v1"', "last-modified": lastModified, date: minuteLater }, '"v1"'],
    [{ etag: 'W/"v1"', "last-modified": lastModified, date: minuteLater }, lastModified],
    [{ "last-modified": lastModified, date: minuteLater }, lastModified]
  ])("with %j has the validator %s", async (headers, validator) => {
    const { metadata: stored } = await download([{ headers, chunks: ["abc", new Error("reset")] }])
    expect(stored).toEqual({ ...metadata, validator, total: undefined, contentType: undefined })
  })

  it.each([
    [{ etag: 'W/"v1"' }],
    [{ etag: "v1" }],
    [{}],
    [{ "last-modified": lastModified }],
    [{ "last-modified": lastModified, date: "soon" }],
    [{ "last-modified": lastModified, date: lastModified }],
    [{ "last-modified": lastModified, date: "Mon, 01 Jan 2024 00:00:59 GMT" }]
  ])("with %j has no strong validator", async (headers) => {
    const { metadata: stored } = await download([{ headers, chunks: ["abc", new Error("reset")] }])
    expect(stored).toBeUndefined()
  })

  it("replaces the bytes of an earlier attempt", async () => {
    const { bytes } = await download([{ ...file, chunks: ["ABCDEF"] }], { earlier })
    expect(bytes).toBe("ABCDEF")
  })

  it("that is interrupted keeps the received bytes, and fails with the cause", async () => {
    const reset = new Error("reset")
    const { error, failure, bytes, metadata: stored } = await download([{ ...file, chunks: ["abc", reset] }])
    expect({ error, cause: failure?.cause, bytes, metadata: stored }).toEqual({
      error: { tag: "Transient", message: "the connection was interrupted" },
      cause: reset,
      bytes: "abc",
      metadata
    })
  })

  it("keeps the bytes if it is shorter than its length, and discards them if it is longer", async () => {
    const short = await download([{ ...file, chunks: ["abc"] }])
    expect({ error: short.error, bytes: short.bytes, metadata: short.metadata }).toEqual({
      error: { tag: "Transient", message: "received 3 of 6 bytes" },
      bytes: "abc",
      metadata
    })
    const long = await download([{ ...file, chunks: ["abcdefg"] }])
    expect({ error: long.error, bytes: long.bytes, metadata: long.metadata }).toEqual({
      error: { tag: "Transient", message: "received 7 of 6 bytes" },
      bytes: "",
      metadata: undefined
    })
  })

  it("is discarded if it does not match the digest of the file", async () => {
    const digest = createHash("sha256").update("abcdef").digest("base64")
    const headers = { ...file.headers, "repr-digest": `sha-256=:${digest}:` }
    expect((await download([{ headers, chunks: ["abcdef"] }])).result?.isVerified).toBe(true)
    const { error, bytes } = await download([{ headers, chunks: ["abcdeF"] }])
    expect({ error, bytes }).toEqual({
      error: { tag: "Transient", message: "the file does not match the digest in the response headers" },
      bytes: ""
    })
  })

  it("is discarded if it does not match Content-MD5", async () => {
    const md5 = createHash("md5").update("abcdef").digest("base64")
    const { error } = await download([{ headers: { "content-md5": md5 }, chunks: ["abcdeF"] }])
    expect(error?.message).toBe("the file does not match the digest in the response headers")
  })

  it("is rejected if it is larger than the limit, by its length or while it is read", async () => {
    const unread = new Error("must not be read")
    const known = await download([{ ...file, chunks: [unread] }], { maxBytes: 5 })
    expect(known.error).toEqual({
      tag: "TooLarge",
      message: "the file has 6 bytes, and the limit is 5 bytes"
    })
    expect(known.failure?.reason).toEqual({ _tag: "TooLarge", bytes: 6, maxBytes: 5 })
    const unknown = await download([{ chunks: ["abc", "def"] }], { maxBytes: 5 })
    expect(unknown).toMatchObject({
      error: { tag: "TooLarge", message: "the file is larger than the limit of 5 bytes" },
      failure: { reason: { bytes: undefined, maxBytes: 5 } },
      bytes: "abc"
    })
    expect((await download([{ ...file, chunks: ["abc", "def"] }], { maxBytes: 6 })).bytes).toBe("abcdef")
  })
})

describe("an error response", () => {
  it.each([
    ["LinkExpired", [404, 410]],
    ["LinkForbidden", [401, 403]],
    ["Transient", [202, 204, 408, 409, 425, 429, 500, 502, 503, 599]],
    ["Rejected", [300, 304, 400, 402, 405, 451, 499]]
  ] as const)("fails with %s for HTTP %j, and keeps the earlier bytes", async (tag, statuses) => {
    for (const status of statuses) {
      const { error, failure, bytes } = await download([{ status }], { earlier })
      expect({ error, bytes }).toEqual({
        error: { tag, message: `the file server responded with HTTP ${status}` },
        bytes: "abc"
      })
      expect(failure?.reason).toMatchObject({ httpStatus: status })
    }
  })

  it("has the delay of Retry-After in milliseconds", async () => {
    const { failure } = await download([{ status: 503, headers: { "retry-after": "7" } }])
    expect(failure?.reason).toEqual({ _tag: "Transient", httpStatus: 503, retryAfterMs: 7000 })
  })
})

describe("minSpeed", () => {
  afterEach(() => vi.restoreAllMocks())

  const tooSlow = { tag: "Transient", message: "the download was slower than 1 bytes per second" }

  /** Downloads three chunks, with `stepMs` between them. */
  const paced = (stepMs: number, minSpeed: number) => {
    let now = 0
    vi.spyOn(performance, "now").mockImplementation(() => (now += stepMs))
    return download([{ headers: { etag: '"v1"' }, chunks: ["aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"] }], {
      minSpeed
    })
  }

  it("closes a connection that is slower over half a minute, and keeps the received bytes", async () => {
    const { error, bytes } = await paced(15_000, 1)
    expect({ error, bytes }).toEqual({ error: tooSlow, bytes: "aaaaaaaaaabbbbbbbbbb" })
  })

  it("closes a connection that was fast and has become slow", async () => {
    const times = [0, 30_000, 60_000]
    vi.spyOn(performance, "now").mockImplementation(() => times.shift() ?? 90_000)
    const chunks = ["a".repeat(60), "b"]
    const { error, bytes } = await download([{ headers: { etag: '"v1"' }, chunks }], { minSpeed: 1 })
    expect({ error, bytes }).toEqual({ error: tooSlow, bytes: `${"a".repeat(60)}b` })
  })

  it("keeps a connection of exactly that speed, and one that is younger than half a minute", async () => {
    expect((await paced(40_000, 0.25)).bytes).toHaveLength(30)
    vi.restoreAllMocks()
    expect((await paced(9_999, 1000)).bytes).toHaveLength(30)
  })
})
