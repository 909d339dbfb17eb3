import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { binary, complete, download, output, pngMedia } from "../support/downloadOutput.ts"
import type { FileResponse } from "../support/fileServer.ts"
import { box, ftyp, gif, mp3, png, webm } from "../support/mediaFiles.ts"

const again = "the server did not report the file's length, so it is downloaded again to confirm it"
const unusual = "the file has an unusual end, so it is downloaded again to confirm it"
const truncated = "the file is truncated"
const url = "https://files.example.com/a.mp4"

const mp4 = Buffer.concat([ftyp(), box("moov", Buffer.alloc(50)), box("mdat", Buffer.alloc(500))])

/** A response that ends with its connection. */
const closed = (bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): FileResponse => ({
  headers,
  chunks: [binary(bytes)]
})
const chunked = (bytes: Uint8Array): FileResponse => closed(bytes, { "transfer-encoding": "chunked" })

describe("a file whose response has no length", () => {
  it("is accepted at once if its format proves that it is complete", async () => {
    const { media, retries } = await download([closed(png)])
    expect({ media, retries }).toEqual({ media: pngMedia, retries: [] })
  })

  it("is accepted at once if it matches a digest", async () => {
    const digest = createHash("sha256").update(mp4).digest("base64")
    const { media, retries } = await download([closed(mp4, { "repr-digest": `sha-256=:${digest}:` })])
    expect({ type: media?.mediaType, retries }).toEqual({ type: "video/mp4", retries: [] })
  })

  it.each([
    ["an MP4", mp4],
    ["a WebM", webm("unknown")],
    ["an MP3", mp3()]
  ])("is accepted if two responses are equal: %s", async (_, bytes) => {
    const { media, retries } = await download([closed(bytes), closed(bytes)])
    expect(media).toBeDefined()
    expect(retries).toEqual([again])
  })

  it("is not accepted if it was truncated once", async () => {
    const cut = mp4.subarray(0, ftyp().length + 58)
    const { media, retries, urls } = await download([closed(cut), closed(mp4), closed(mp4)])
    expect({ type: media?.mediaType, retries, requests: urls.length }).toEqual({
      type: "video/mp4",
      retries: [again, again],
      requests: 3
    })
  })

  it("is accepted if the second response has a length", async () => {
    const { media, retries } = await download([closed(mp4.subarray(0, -100)), complete(mp4)])
    expect({ type: media?.mediaType, retries }).toEqual({ type: "video/mp4", retries: [truncated] })
  })

  it("is refused after a limited number of attempts if it is truncated at another place each time", async () => {
    const responses = Array.from({ length: 8 }, (_, index) => closed(webm("unknown", 100 + index)))
    const { media, reason, slept } = await download(responses, { attempts: 8, output: output(url) })
    expect(media).toBeUndefined()
    expect(reason).toMatchObject({ _tag: "DownloadFailed", detail: again, isRetryable: true })
    expect(slept).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000])
  })

  it("is refused if its format proves that it is truncated, however often it is the same", async () => {
    const responses = Array.from({ length: 3 }, () => closed(png.subarray(0, -1)))
    const { media, retries, reason } = await download(responses)
    expect({ media, retries }).toEqual({ media: undefined, retries: [truncated, truncated] })
    expect(reason).toMatchObject({ _tag: "DownloadFailed", detail: truncated })
  })
})

describe("a file that is sent in chunks", () => {
  it("is accepted at once, because the last chunk is marked", async () => {
    const { media, retries } = await download([chunked(mp4)])
    expect({ type: media?.mediaType, retries }).toEqual({ type: "video/mp4", retries: [] })
  })

  it("is refused if it is truncated", async () => {
    expect((await download([chunked(mp4.subarray(0, -1)), chunked(mp4)])).retries).toEqual([truncated])
  })
})

describe("a file that has the length in its response", () => {
  it.each([
    ["a PNG", png],
    ["an MP4", mp4]
  ])("is not accepted if the length is too small for its format: %s", async (_, bytes) => {
    const { media, retries } = await download([complete(bytes.subarray(0, -100)), complete(bytes)])
    expect({ isSaved: media !== undefined, retries }).toEqual({ isSaved: true, retries: [truncated] })
    expect(
      (await download(Array.from({ length: 3 }, () => complete(bytes.subarray(0, -100))))).media
    ).toBeUndefined()
  })

  it.each([
    ["a GIF without its last byte", gif.subarray(0, -1)],
    ["an MP3 that ends inside of a frame", mp3().subarray(0, -100)],
    ["a WebM that is shorter than its header says", webm(1000)]
  ])("is downloaded again if it has an unusual end, and accepted if it is the same: %s", async (_, bytes) => {
    const { media, retries } = await download([complete(bytes), complete(bytes)])
    expect({ isSaved: media !== undefined, retries }).toEqual({ isSaved: true, retries: [unusual] })
  })

  it("is not accepted with an unusual end if it differs the second time", async () => {
    const { media, retries } = await download([complete(mp3().subarray(0, -100)), complete(mp3())])
    expect({ type: media?.mediaType, retries }).toEqual({ type: "audio/mpeg", retries: [unusual] })
  })
})

describe("the number of attempts", () => {
  const interrupted = (length: number, headers: Readonly<Record<string, string>> = {}): FileResponse => ({
    headers: { "content-length": String(png.length), ...headers },
    chunks: [binary(png.subarray(0, length)), new Error("reset")]
  })

  it("is not extended by a download that starts again and is truncated at another place", async () => {
    const growing = Array.from({ length: 4 }, (_, index) => interrupted(10 + index))
    expect((await download(growing, { attempts: 4 })).slept).toHaveLength(3)
    const alternating = Array.from({ length: 5 }, (_, index) =>
      interrupted(index % 2 === 0 ? 20 : 10, { etag: `"${index}"` })
    )
    // The first response has new bytes.
    expect((await download(alternating, { attempts: 4 })).slept).toHaveLength(4)
  })

  it("is not exhausted by a partial response that was not requested", async () => {
    const partial: FileResponse = {
      status: 206,
      headers: { "content-range": `bytes 0-${png.length - 1}/${png.length}` },
      chunks: [binary(png)]
    }
    expect((await download([partial, complete(png)])).media).toEqual(pngMedia)
    const { reason, slept } = await download([partial, partial, partial])
    expect({ reason, slept: slept.length }).toMatchObject({ reason: { httpStatus: 206 }, slept: 2 })
  })

  const partOf = (from: number, bytes: number): FileResponse => ({
    ...(from === 0
      ? { headers: { "content-length": "10000000", etag: '"v"' } }
      : { status: 206, headers: { "content-range": `bytes ${from}-9999999/10000000`, etag: '"v"' } }),
    chunks: ["x".repeat(bytes), new Error("reset")]
  })
  const parts = (bytes: number) => Array.from({ length: 20 }, (_, index) => partOf(index * bytes, bytes))

  it("is limited even if each response has a new byte", async () => {
    const { urls, reason } = await download(parts(1), { attempts: 2, maxBytes: 1e9 })
    expect({ requests: urls.length, tag: reason?._tag }).toEqual({ requests: 8, tag: "DownloadFailed" })
  })

  it("is not limited if each response has many new bytes", async () => {
    const responses: ReadonlyArray<FileResponse> = [...parts(65_536), { status: 451 }]
    const { urls } = await download(responses, { attempts: 2, maxBytes: 1e9 })
    expect(urls).toHaveLength(21)
  })
})
