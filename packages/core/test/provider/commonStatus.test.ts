import { describe, expect, it } from "vitest"
import { commonStatus } from "@gentask/core/provider"

describe("commonStatus", () => {
  it.each([
    [
      "queued",
      [
        "queued",
        "QUEUEING",
        "IN_QUEUE",
        "in queue",
        "pending",
        "Submitted",
        "NOT_START",
        "not-started",
        "created",
        "waiting",
        "排队中"
      ]
    ],
    [
      "running",
      [
        "RUNNING",
        "in_progress",
        "IN-PROGRESS",
        " processing ",
        "TASK_STATUS_PROCESSING",
        "PRE-PROCESSING",
        "generating",
        "initializing",
        "cancelling",
        "处理中",
        "审核中"
      ]
    ],
    [
      "succeeded",
      [
        "success",
        "SUCCEED",
        "succeeded",
        "JOB_STATE_SUCCEEDED",
        "done",
        "COMPLETE",
        "completed",
        "finished",
        "task_completed",
        "成功",
        "已完成"
      ]
    ],
    [
      "failed",
      [
        "fail",
        "FAILED",
        "failure",
        "error",
        "STATE_FAILED",
        "GENERATE_FAILED",
        "CREATE_TASK_FAILED",
        "rejected",
        "失败",
        "审核不通过"
      ]
    ],
    ["canceled", ["CANCEL", "canceled", "cancelled", "user_cancelled", "aborted", "已取消"]],
    ["expired", ["expired", "TIMEOUT", "timed_out", "已过期"]]
  ])("maps words to %s", (status, words) => {
    expect(words.map((word) => [word, commonStatus(word)])).toEqual(words.map((word) => [word, status]))
  })

  it.each([
    "",
    "unknown",
    "unheard-of",
    "paused",
    "ready",
    "ok",
    "blocked",
    "not_found",
    "task_not_exist",
    "video_generation_completed",
    "partially_completed",
    "constructor",
    "1",
    "true"
  ])("does not know %j, which may mean anything", (word) => {
    expect(commonStatus(word)).toBeUndefined()
  })
})
