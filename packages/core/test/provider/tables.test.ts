import { describe, expect, it } from "vitest"
import { codeTable, statusTable } from "@gentask/core/provider"

describe("codeTable", () => {
  const codes = codeTable([
    { codes: [50_411, "50412"], failure: { reason: "moderation", canResubmit: false } },
    { codes: ["AccessDenied"], error: "Forbidden" },
    { codes: [/^Access/g], error: "Unauthorized" }
  ])

  it.each([
    [50_411, { failure: { reason: "moderation", canResubmit: false } }],
    ["50411", { failure: { reason: "moderation", canResubmit: false } }],
    [50_412, { failure: { reason: "moderation", canResubmit: false } }],
    ["AccessDenied", { error: "Forbidden" }],
    ["AccessExpired", { error: "Unauthorized" }],
    ["AccessRevoked", { error: "Unauthorized" }],
    ["accessdenied", undefined],
    ["constructor", undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined]
  ])("maps %j to %j", (code, meaning) => {
    expect(codes(code)).toEqual(meaning)
  })
})

describe("statusTable", () => {
  const statusOf = statusTable({ queued: ["NOT_START"], running: ["processing"] })

  it.each([
    ["processing", "running"],
    [" Processing ", "running"],
    ["not_start", "queued"],
    ["Not Start", "queued"],
    ["NOT-START", "queued"],
    ["notStart", "queued"],
    ["paused", "unknown"],
    ["constructor", "unknown"],
    ["", "unknown"],
    [null, "unknown"],
    [undefined, "unknown"]
  ])("maps %j to %s", (word, status) => {
    expect(statusOf(word)).toBe(status)
  })

  it("knows the words of other vendors, unless the table has them", () => {
    const statusOf = statusTable({ running: ["pending", "done"] })
    expect(["pending", "DONE", "queued", "TASK_STATUS_SUCCEED", "失败"].map(statusOf)).toEqual([
      "running",
      "running",
      "queued",
      "succeeded",
      "failed"
    ])
  })

  it("ignores separators in its own words, which win over those of other vendors", () => {
    const statusOf = statusTable({
      running: ["video_upsampling_completed"],
      failed: ["video-upsampling-failed"]
    })
    expect(["VIDEO UPSAMPLING COMPLETED", "video_upsampling_failed"].map(statusOf)).toEqual([
      "running",
      "failed"
    ])
  })

  it("does not take one number for another", () => {
    const statusOf = statusTable({ succeeded: ["1", "15"], failed: ["2"] })
    expect(["1", " 2 ", "15", "-1", "1.5", "+1", "1_5"].map(statusOf)).toEqual([
      "succeeded",
      "failed",
      "succeeded",
      "unknown",
      "unknown",
      "unknown",
      "succeeded"
    ])
  })

  it("creates one table per object", () => {
    const statuses = { running: ["processing"] }
    expect(statusTable(statuses)).toBe(statusTable(statuses))
  })
})
