/** What the recordings do not cover: the fields of various relays, and unexpected responses. */
import { configureAccount } from "@gentask/core/provider"
import { requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { sora } from "../src/index.ts"
import { decode } from "./decode.ts"

const url = "https://files.example.com/src.mp4"
const output = {
  kind: "video",
  role: "result",
  url,
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null
}

describe("the request of the unified video format", () => {
  it("contains any id unchanged", () => {
    const { url } = requestOf(
      sora({ endpoint: "jxincm", apiKey: "key" }),
      "sora:veo3.1-fast:1770350082-trii1OXZc3 +/&="
    )
    expect([...url.searchParams]).toEqual([["id", "veo3.1-fast:1770350082-trii1OXZc3 +/&="]])
  })

  it("needs an endpoint, so that no relay gets a key that is not for it", () => {
    expect(() => requestOf(sora({ apiKey: "key" }), "sora:x")).toThrow(
      expect.objectContaining({
        reason: {
          _tag: "MissingEndpoint",
          account: "sora",
          known: ["jxincm", "octopusx", "yunwu", "apertis"]
        },
        message:
          "sora has no default endpoint. Choose jxincm or octopusx or yunwu or apertis (option endpoint, variable SORA_ENDPOINT), or set a base URL (option baseUrl, variable SORA_BASE_URL)."
      })
    )
    const { url } = requestOf(sora({ baseUrl: "https://relay.example.com", apiKey: "key" }), "sora:x")
    expect(url.origin).toBe("https://relay.example.com")
  })

  it("accepts no params, and no settings except those of the console", () => {
    expect(() => requestOf(sora({ endpoint: "jxincm", apiKey: "key" }), "sora:x?kind=video")).toThrow(
      expect.objectContaining({ reason: { _tag: "InvalidParams", ref: "sora:x?kind=video", path: "kind" } })
    )
    expect(() =>
      requestOf(configureAccount(spec, { endpoint: "jxincm", apiKey: "key", kind: "video" }), "sora:x")
    ).toThrow("Invalid settings of sora")
  })
})

describe("a response in the unified video format", () => {
  it("has the status of the task at its top level", () => {
    expect(decode({ status: "pending", detail: { status: "failed" } })).toMatchObject({ status: "running" })
  })

  it.each([
    [{ progress: "45%" }, 0.45],
    [{ progress: 1 }, 0.01],
    [{ progress: "100" }, 1],
    [{ progress: 10, detail: { pending_info: { progress_pct: 0.93 } } }, 0.93],
    [{ detail: { pending_info: { progress_pct: 1 } } }, 1],
    [{ progress: "soon" }, null]
  ])("has its progress in %j", (body, progress) => {
    expect(decode({ status: "processing", ...body })).toMatchObject({ progress })
  })

  it.each([
    { status: "completed" },
    { task_status: "SUCCEED" },
    { state: "completed" },
    { data: { status: "completed" } },
    { code: 0, message: "SUCCEED", data: { task_status: "succeed" } },
    { data: [{ status: "completed" }] },
    { detail: { status: "completed" } }
  ])("has the status in %j", (body) => {
    expect(decode(body)).toMatchObject({ status: "succeeded" })
  })

  it.each([
    { video_url: url },
    { video_url: null, result_url: url },
    { url },
    { videoUrl: url },
    { result: { video_url: url } },
    { result: { url } },
    { data: { video_url: url } },
    { output: { video_url: url } },
    { output: { url } },
    { task_result: { videos: [{ url }] } },
    { metadata: { url } },
    { detail: { url } },
    { video: { url } },
    { video_url: [url] },
    { video_url: {}, url },
    { video_url: false, videoUrl: url },
    { data: [{ url }] },
    { data: [{ type: "video", url }] },
    { content: { video_url: url } },
    { videos: [{ id: "0", url, duration: "4" }] },
    { detail: { video_url: url } },
    { result: { outputs: [url], video_url: url } },
    { result: { outputs: [url] } },
    { outputs: [url] },
    { output: [url] },
    { result: `{"video_url":"${url}"}` },
    { url, video_url: url, result_url: url },
    { fail_reason: url },
    { video_url: ` \`${url}\` `, url: "https://files.example.com/other.mp4" }
  ])("has the video in %j", (body) => {
    expect(decode({ status: "completed", ...body })).toMatchObject({ outputs: [output], failure: null })
  })

  it("has the status of the task in an envelope whose own status is that of the query", () => {
    const body = { status: "success", message: "", data: { id: "sora-2:task_1", status: "processing" } }
    expect(decode(body)).toMatchObject({ status: "running", rawStatus: "processing" })
  })

  it("has the videos at a place that no relay documents, but not the images of the input", () => {
    const body = {
      id: "x",
      status: "completed",
      images: ["https://files.example.com/in.png"],
      video_urls: [url]
    }
    expect(decode(body)).toMatchObject({ outputs: [output], warnings: [] })
  })

  it("has a watermarked video beside the video", () => {
    const watermarked = "https://files.example.com/wm.mp4"
    expect(
      decode({ id: "x", status: "completed", video_url: url, watermark_url: watermarked })
    ).toMatchObject({
      outputs: [output, { role: "watermarked", url: watermarked }]
    })
    expect(decode({ id: "x", status: "completed", video_url: url, watermark_url: url })).toMatchObject({
      outputs: [output]
    })
  })

  it("has all videos of a list, in the size of the task", () => {
    const urls = [url, "https://files.example.com/2.mp4"]
    expect(
      decode({ status: "completed", width: 352, height: "640", data: urls.map((url) => ({ url })) })
    ).toMatchObject({
      outputs: urls.map((url) => ({ ...output, url, width: 352, height: null }))
    })
  })

  it("has the watermarked video if it is another file", () => {
    const encodings = { source: { path: url }, source_wm: { path: "https://files.example.com/wm.mp4" } }
    expect(
      decode({ status: "completed", video_url: url, detail: { draft_info: { encodings } } })
    ).toMatchObject({
      outputs: [output, { ...output, role: "watermarked", url: "https://files.example.com/wm.mp4" }]
    })
  })

  it.each([
    ["veo3.1-fast:1770350082-trii1OXZc3", undefined, "veo3.1-fast"],
    ["grok:ea57ae4e", "grok-video-3", "grok-video-3"],
    [undefined, undefined, "sora-2"]
  ])("with the id %s and the model %s is of the model %s", (id, model, expected) => {
    expect(decode({ id, model, status: "queued" })).toMatchObject({ model: expected })
  })

  it.each([
    ["not an object", [], ""],
    ["empty", {}, "status"],
    ["an empty envelope", { code: "success", message: "", data: null }, "status"],
    ["a number for a status", { status: 3 }, "status"],
    ["an error without a code", { error: "odd" }, "status"]
  ])("is unexpected if it is %s", (_, body, path) => {
    expect(decode(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })

  it.each([
    [{ request_id: "b53c", id: "task_1" }],
    [{ id: "task_1", object: "video", status: "" }],
    [{ code: "success", message: "", data: { task_id: "task_1" } }],
    [{ data: [{ url }] }]
  ])("without a status is about a task that may be running: %j", (body) => {
    expect(decode(body)).toMatchObject({ status: "unknown", rawStatus: null, failure: null })
  })

  it("is decoded to its result even if its side fields have other types", () => {
    const sideFields = {
      id: 7,
      width: "352",
      detail: { pending_info: [], input: "x" },
      metadata: "x",
      error: [],
      data: "x"
    }
    expect(decode({ status: "completed", video_url: url, ...sideFields })).toMatchObject({
      status: "succeeded",
      outputs: [output]
    })
  })
})
