/** What the recordings do not cover: the fields of various relays, and unexpected responses. */
import { configureAccount } from "@gentask/core/provider"
import { decodeRecorded, requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { sora } from "../src/index.ts"

/** Decodes a response to the snapshot, or to the reason of the error. */
const decode = (body: unknown, ref = "sora:sora-2:task_1"): unknown => {
  const decoded = decodeRecorded(sora({ apiKey: "key" }), ref, { body })
  return "snapshot" in decoded ? decoded.snapshot : "reason" in decoded ? decoded.reason : decoded
}

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
    const { url } = requestOf(sora({ apiKey: "key" }), "sora:veo3.1-fast:1770350082-trii1OXZc3 +/&=")
    expect([...url.searchParams]).toEqual([["id", "veo3.1-fast:1770350082-trii1OXZc3 +/&="]])
  })

  it("accepts neither params nor settings", () => {
    expect(() => requestOf(sora({ apiKey: "key" }), "sora:x?kind=video")).toThrow(
      expect.objectContaining({ reason: { _tag: "InvalidParams", ref: "sora:x?kind=video", path: "kind" } })
    )
    expect(() => requestOf(configureAccount(spec, { apiKey: "key", kind: "video" }), "sora:x")).toThrow(
      "sora does not accept settings. Remove kind."
    )
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
    { fail_reason: url },
    { video_url: ` \`${url}\` `, url: "https://files.example.com/other.mp4" }
  ])("has the video in %j", (body) => {
    expect(decode({ status: "completed", ...body })).toMatchObject({ outputs: [output], failure: null })
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
    ["an object for the video", { status: "completed", video_url: {} }, "video_url"]
  ])("is unexpected if it is %s", (_, body, path) => {
    expect(decode(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })

  it("is decoded to its result even if its less important fields have other types", () => {
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
