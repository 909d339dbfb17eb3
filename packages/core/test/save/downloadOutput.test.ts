import { rm, writeFile } from "node:fs/promises"
import { describe, expect, it } from "vitest"
import { binary, complete, download, output, pngMedia, url } from "../support/downloadOutput.ts"
import type { FileResponse } from "../support/fileServer.ts"
import { png } from "../support/mediaFiles.ts"

describe("downloadOutput", () => {
  it("sends one request and does not query the task if the download succeeds", async () => {
    const { media: found, reason, slept, retries, refs, queries, urls } = await download([complete(png)])
    expect({ found, reason, slept, retries, refs, queries, urls }).toEqual({
      found: pngMedia,
      reason: undefined,
      slept: [],
      retries: [],
      refs: [],
      queries: 0,
      urls: [`${url}?sig=1`]
    })
  })

  it("retries after delays that grow to ten seconds while no byte is received", async () => {
    const { slept, retries, refs, reason, queries } = await download(
      Array.from({ length: 9 }, () => ({ status: 503 })),
      { attempts: 9 }
    )
    expect({ slept, queries, refs }).toEqual({
      slept: [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000],
      queries: 0,
      refs: ["acme:1"]
    })
    const detail = "the file server responded with HTTP 503"
    expect(new Set(retries)).toEqual(new Set([detail]))
    expect(reason).toEqual({ _tag: "DownloadFailed", url, detail, httpStatus: 503, isRetryable: true })
  })

  it("waits at least as long as Retry-After says", async () => {
    const { slept, media: found } = await download([
      { status: 503, headers: { "retry-after": "60" } },
      complete(png)
    ])
    expect({ slept, found }).toEqual({ slept: [60_000], found: pngMedia })
  })

  it("counts attempts from the last one that received new bytes", async () => {
    const bytes = binary(png)
    const truncated = (from: number, to: number): FileResponse => ({
      ...(from === 0
        ? { headers: { "content-length": String(png.length), etag: '"v"' } }
        : {
            status: 206,
            headers: { "content-range": `bytes ${from}-${png.length - 1}/${png.length}`, etag: '"v"' }
          }),
      chunks: [bytes.slice(from, to)]
    })
    const { media: found, slept } = await download(
      [truncated(0, 10), { status: 503 }, truncated(10, 20), { status: 503 }, truncated(20, png.length)],
      { attempts: 2 }
    )
    expect({ found, slept }).toEqual({ found: pngMedia, slept: [125, 250, 125, 250] })
  })

  it("does not retry a request that was rejected for good", async () => {
    const { reason, slept, queries } = await download([{ status: 451 }])
    expect({ reason, slept, queries }).toEqual({
      reason: {
        _tag: "DownloadFailed",
        url,
        detail: "the file server responded with HTTP 451",
        httpStatus: 451,
        isRetryable: false
      },
      slept: [],
      queries: 0
    })
  })

  it("does not open a link to a private address", async () => {
    const { reason, urls } = await download([], { output: output("http://10.0.0.1/a.png") })
    expect({ reason, urls }).toEqual({
      reason: { _tag: "UnsafeLink", url: "http://10.0.0.1/a.png", detail: "10.0.0.1 is a private address" },
      urls: []
    })
  })

  it("does not retry a file that is larger than the limit", async () => {
    const { reason, slept } = await download([{ headers: { "content-length": "100001" } }])
    expect({ reason, slept }).toEqual({
      reason: { _tag: "TooLarge", url, bytes: 100_001, maxBytes: 100_000 },
      slept: []
    })
  })

  it("fails with the cause of the last attempt", async () => {
    const cause = new Error("reset")
    const failed = await download([{ chunks: [cause] }], { attempts: 1 })
    expect({ reason: failed.reason, cause: failed.cause }).toEqual({
      reason: {
        _tag: "DownloadFailed",
        url,
        detail: "the connection was interrupted",
        httpStatus: undefined,
        isRetryable: true
      },
      cause
    })
  })

  it("does not retry if the disk rejects a write", async () => {
    const { reason, partPath, slept } = await download([complete(png)], {
      beforeBody: async (part) => {
        Object.assign(part.handle, {
          writev: () => Promise.reject(Object.assign(new Error("no"), { code: "EIO" }))
        })
      }
    })
    expect({ reason, slept }).toEqual({
      reason: { _tag: "NotWritable", path: partPath, code: "EIO" },
      slept: []
    })
  })
})

describe("downloaded content", () => {
  const notMedia = "expected image data, but received text or an unknown format"
  const empty = "the file server returned an empty file"

  it.each([
    ["an HTML page", { chunks: ["<html>busy</html>"] }, notMedia],
    ["an empty file", { chunks: [] }, empty]
  ])("that is %s is downloaded again from a new link", async (_, response, message) => {
    const { media: found, retries, queries, slept } = await download([response, complete(png)])
    expect({ found, retries, queries, slept }).toEqual({
      found: pngMedia,
      retries: [message],
      queries: 1,
      slept: [250]
    })
  })

  it.each([
    ["text", { chunks: ["<html>"] }, { _tag: "NotMedia", url, kind: "image" }],
    ["empty", { chunks: [] }, { _tag: "Empty", url }]
  ])("that is %s in every attempt fails the download", async (_, response, reason) => {
    expect((await download([response, response], { attempts: 2 })).reason).toEqual(reason)
  })

  it("is discarded if another process has written to the part file", async () => {
    let writes = 0
    const { media: found, retries } = await download([complete(png), complete(png)], {
      beforeBody: async (part) => {
        writes += 1
        // Bypasses `appendToPartFile`, as another process would.
        if (writes === 1) await part.handle.write(Buffer.from("x"), 0, 1, png.length)
      }
    })
    expect({ found, retries }).toEqual({
      found: pngMedia,
      retries: ["another process changed the part file"]
    })
  })

  it("is not accepted if another process has replaced the part file", async () => {
    const { media: found, reason } = await download([complete(png), complete(png)], {
      attempts: 2,
      beforeBody: async (part) => {
        await rm(part.path)
        await writeFile(part.path, png.subarray(0, 50))
      }
    })
    expect({ found, reason }).toEqual({
      found: undefined,
      reason: {
        _tag: "DownloadFailed",
        url,
        detail: "another process changed the part file",
        httpStatus: undefined,
        isRetryable: true
      }
    })
  })
})
