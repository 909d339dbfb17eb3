import { readFileSync } from "node:fs"
import { interpretAnswer } from "@gentask/core/testing"
import { describe, expect, it } from "vitest"
import { sora } from "../src/index.ts"
import completed from "./fixtures/query.completed.json" with { type: "json" }

const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/query.${name}.json`, import.meta.url), "utf8")

const ref = "sora:sora-2:task_01k6x15vhrff09dkkqjrzwhm60"

/** The snapshot or the fault that an answer means. */
const read = (body: unknown, status = 200): unknown => {
  const meaning = interpretAnswer(sora({ apiKey: "key" }), ref, { body, status })
  return "snapshot" in meaning ? meaning.snapshot : "fault" in meaning ? meaning.fault : meaning
}

const task = {
  ref,
  provider: "sora",
  account: "sora",
  id: "sora-2:task_01k6x15vhrff09dkkqjrzwhm60",
  progress: null,
  model: "sora-2",
  prompt: null,
  createdAt: null,
  updatedAt: null,
  completedAt: null,
  outputs: [],
  failure: null,
  warnings: []
}

const output = {
  kind: "video",
  role: "result",
  url: "https://files.example.com/src.mp4",
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null
}

const failed = { ...task, status: "failed", rawStatus: "failed" }
const failure = {
  reason: "unknown",
  code: null,
  message: "The video could not be made.",
  requestId: null,
  resubmit: null
}
const gateway = {
  ...task,
  createdAt: new Date(1_759_763_420_000),
  updatedAt: new Date(1_759_763_652_000)
}
const succeededAtGateway = {
  ...gateway,
  status: "succeeded",
  rawStatus: "SUCCESS",
  progress: 1,
  completedAt: new Date(1_759_763_651_000),
  outputs: [output]
}

describe("an answer in the unified video format", () => {
  it("reads pending", () => {
    expect(read(fixture("pending"))).toEqual({
      ...task,
      status: "running",
      rawStatus: "pending",
      progress: 0.930_217_817_517_670_4,
      prompt: "make animate",
      createdAt: new Date("2025-10-06T15:10:26.875Z"),
      updatedAt: new Date(1_759_763_621_142)
    })
  })

  it("reads completed: one video and no copy of it, a thumbnail, a preview, and when their links die", () => {
    const link = { ...output, expiresAt: new Date("2025-10-12T15:04:21Z") }
    expect(read(completed)).toEqual({
      ...task,
      status: "succeeded",
      rawStatus: "completed",
      prompt: "make animate",
      updatedAt: new Date(1_759_763_651_908),
      completedAt: new Date(1_759_763_631_223),
      outputs: [
        { ...link, url: completed.video_url, width: 352, height: 640 },
        { ...link, kind: "image", role: "thumbnail", url: completed.thumbnail_url },
        { ...link, kind: "animation", role: "preview", url: completed.detail.gif_url }
      ]
    })
  })

  it.each([
    [
      "pending.octopusx",
      {
        ...task,
        status: "running",
        rawStatus: "pending",
        progress: 0,
        prompt: "make animate",
        createdAt: new Date(1_762_010_621_000),
        updatedAt: new Date(1_762_010_621_323)
      }
    ],
    ["failed.error-text", { ...failed, updatedAt: new Date(1_759_763_621_000), failure }],
    [
      "failed.error-object",
      {
        ...failed,
        rawStatus: "error",
        updatedAt: new Date(1_759_763_621_142),
        failure: { ...failure, code: "video_failed" }
      }
    ],
    ["failed.error-message", { ...failed, rawStatus: "video_generation_failed", failure }],
    ["failed.detail-error", { ...failed, failure: { ...failure, code: "video_failed" } }],
    [
      "failed.moderation",
      {
        ...failed,
        failure: {
          ...failure,
          reason: "moderation",
          code: "input_moderation",
          message: "The input was refused."
        }
      }
    ],
    ["success.new-api", succeededAtGateway],
    ["success.new-api-legacy", succeededAtGateway],
    ["in-progress.new-api", { ...gateway, status: "running", rawStatus: "IN_PROGRESS", progress: 0.45 }],
    [
      "failure.new-api",
      {
        ...succeededAtGateway,
        status: "failed",
        rawStatus: "FAILURE",
        progress: null,
        outputs: [],
        failure: { ...failure, message: "upstream returned error" }
      }
    ],
    [
      "completed.openai",
      {
        ...task,
        status: "succeeded",
        rawStatus: "completed",
        progress: 1,
        createdAt: new Date(1_759_763_426_000),
        completedAt: new Date(1_759_763_651_000),
        outputs: [
          {
            ...output,
            url: "https://api.jxincm.cn/v1/videos/task_0123456789abcdefghijABCDEFGHIJ12/content"
          }
        ]
      }
    ]
  ])("reads %s", (name, expected) => {
    expect(read(fixture(name))).toEqual(expected)
  })

  it.each([
    ["queued", "queued submitted not_start NOT_START SUBMITTED QUEUED"],
    [
      "running",
      "pending processing in_progress IN_PROGRESS initializing uploading downloading image_downloading"
    ],
    ["running", "video_generating video_generation_completed video_upsampling video_upsampling_completed"],
    ["succeeded", "completed success succeed succeeded done finished SUCCESS"],
    ["failed", "failed failure FAILURE error video_generation_failed video_upsampling_failed"],
    ["canceled", "cancelled canceled"],
    ["expired", "expired"],
    ["unknown", "unknown UNKNOWN dreaming"]
  ])("takes for %s: %s", (status, words) => {
    for (const word of words.split(" "))
      expect(read({ status: word })).toMatchObject({ status, rawStatus: word })
  })

  it("believes the top-level status, and the model's where there is no other", () => {
    expect(read({ status: "pending", detail: { status: "failed" } })).toMatchObject({ status: "running" })
    expect(read({ detail: { status: "completed" } })).toMatchObject({ status: "succeeded" })
  })

  it.each([
    [{ progress: "45%" }, 0.45],
    [{ progress: 1 }, 0.01],
    [{ progress: "100" }, 1],
    [{ progress: 10, detail: { pending_info: { progress_pct: 0.93 } } }, 0.93],
    [{ detail: { pending_info: { progress_pct: 1 } } }, 1],
    [{ progress: "soon" }, null]
  ])("reads the progress of %j", (body, progress) => {
    expect(read({ status: "processing", ...body })).toMatchObject({ progress })
  })

  const url = "https://files.example.com/src.mp4"
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
  ])("finds the video in %j", (body) => {
    expect(read({ status: "completed", ...body })).toMatchObject({ outputs: [output], failure: null })
  })

  it("tells the watermarked video from the one without", () => {
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
  ])("names the model of the id %s and the model %s: %s", (id, model, expected) => {
    expect(read({ id, model, status: "queued" })).toMatchObject({ model: expected })
  })

  it.each([
    [
      "task-not-exist.new-api",
      400,
      { _tag: "TaskNotFound", code: "task_not_exist", message: "task_not_exist" }
    ],
    [
      "task-not-exist.new-api",
      200,
      { _tag: "TaskNotFound", code: "task_not_exist", message: "task_not_exist" }
    ],
    [
      "quota.new-api",
      403,
      {
        _tag: "InsufficientCredits",
        code: "pre_consume_token_quota_failed",
        message: "token quota is not enough"
      }
    ],
    ["saturated.new-api", 429, { _tag: "RateLimited", message: "当前分组上游负载已饱和，请稍后再试" }],
    ["saturated.new-api", 500, { _tag: "Unavailable", message: "当前分组上游负载已饱和，请稍后再试" }],
    ["saturated.new-api", 200, { _tag: "Unavailable", message: "当前分组上游负载已饱和，请稍后再试" }]
  ])("reads %s with HTTP %i", (name, status, fault) => {
    expect(read(fixture(name), status)).toEqual({ ...fault, httpStatus: status })
  })

  it("leaves other HTTP errors to their status, with the vendor's words", () => {
    expect(read({ error: { message: "Invalid token", type: "new_api_error", code: "" } }, 401)).toEqual({
      _tag: "Unauthorized",
      code: "",
      message: "Invalid token",
      httpStatus: 401
    })
    expect(read("<html></html>", 502)).toMatchObject({ _tag: "Unavailable" })
    expect(read({ error: "odd" }, 418)).toMatchObject({ _tag: "InvalidRequest", message: "odd" })
  })

  it("reads an error inside HTTP 200 as a fault and never as the task's failure", () => {
    expect(read({ error: { message: "slow down", code: "429" } })).toMatchObject({ _tag: "RateLimited" })
    expect(read({ error: { message: "odd", code: "odd_error" } })).toEqual({
      _tag: "UnexpectedResponse",
      path: "status",
      code: "odd_error",
      message: "odd",
      httpStatus: 200
    })
  })

  it.each([
    ["no object", [], ""],
    ["nothing", {}, "status"],
    ["an empty envelope", { code: "success", message: "", data: null }, "status"],
    ["a number for a status", { status: 3 }, "status"],
    ["an object for the video", { status: "completed", video_url: {} }, "video_url"]
  ])("does not understand %s", (_, body, path) => {
    expect(read(body)).toMatchObject({ _tag: "UnexpectedResponse", path })
  })

  it("does not let odd details hide a result", () => {
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
