/** What the recordings do not show: where relays put things, and what is made of odd answers. */
import { configureAccount } from "@gentask/core/provider"
import { decodeRecorded, requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { sora } from "../src/index.ts"

const read = (body: unknown, ref = "sora:sora-2:task_1"): unknown => {
  const meaning = decodeRecorded(sora({ apiKey: "key" }), ref, { body })
  return "snapshot" in meaning ? meaning.snapshot : "reason" in meaning ? meaning.reason : meaning
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

describe("a question in the unified video format", () => {
  it("sends any id whole", () => {
    const { url } = requestOf(sora({ apiKey: "key" }), "sora:veo3.1-fast:1770350082-trii1OXZc3 +/&=")
    expect([...url.searchParams]).toEqual([["id", "veo3.1-fast:1770350082-trii1OXZc3 +/&="]])
  })

  it("takes neither hints nor settings", () => {
    expect(() => requestOf(sora({ apiKey: "key" }), "sora:x?kind=video")).toThrow("sora takes no hints")
    expect(() => requestOf(configureAccount(spec, { apiKey: "key", kind: "video" }), "sora:x")).toThrow(
      "sora has no settings of its own. Leave out kind."
    )
  })
})

describe("an answer in the unified video format", () => {
  it("says by its top-level status where the task stands", () => {
    expect(read({ status: "pending", detail: { status: "failed" } })).toMatchObject({ status: "running" })
  })

  it.each([
    [{ progress: "45%" }, 0.45],
    [{ progress: 1 }, 0.01],
    [{ progress: "100" }, 1],
    [{ progress: 10, detail: { pending_info: { progress_pct: 0.93 } } }, 0.93],
    [{ detail: { pending_info: { progress_pct: 1 } } }, 1],
    [{ progress: "soon" }, null]
  ])("tells its progress in %j", (body, progress) => {
    expect(read({ status: "processing", ...body })).toMatchObject({ progress })
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
  ])("holds the video in %j", (body) => {
    expect(read({ status: "completed", ...body })).toMatchObject({ outputs: [output], failure: null })
  })

  it("holds the watermarked video where it is another one", () => {
    const encodings = { source: { path: url }, source_wm: { path: "https://files.example.com/wm.mp4" } }
    expect(
      read({ status: "completed", video_url: url, detail: { draft_info: { encodings } } })
    ).toMatchObject({
      outputs: [output, { ...output, role: "watermarked", url: "https://files.example.com/wm.mp4" }]
    })
  })

  it.each([
    ["veo3.1-fast:1770350082-trii1OXZc3", undefined, "veo3.1-fast"],
    ["grok:ea57ae4e", "grok-video-3", "grok-video-3"],
    [undefined, undefined, "sora-2"]
  ])("names the model by the id %s and the model %s: %s", (id, model, expected) => {
    expect(read({ id, model, status: "queued" })).toMatchObject({ model: expected })
  })

  it.each([
    ["no object", [], ""],
    ["nothing", {}, "status"],
    ["an empty envelope", { code: "success", message: "", data: null }, "status"],
    ["a number for a status", { status: 3 }, "status"],
    ["an object for the video", { status: "completed", video_url: {} }, "video_url"]
  ])("is not understood with %s", (_, body, path) => {
    expect(read(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })

  it("shows its result whatever else is odd in it", () => {
    const odd = {
      id: 7,
      width: "352",
      detail: { pending_info: [], input: "x" },
      metadata: "x",
      error: [],
      data: "x"
    }
    expect(read({ status: "completed", video_url: url, ...odd })).toMatchObject({
      status: "succeeded",
      outputs: [output]
    })
  })
})
