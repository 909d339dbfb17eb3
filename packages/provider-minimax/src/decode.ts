import { followUp, queryError, readMedia, snapshot, statusTable } from "@gentask/core/provider"
import type { QueryOutcome, ResponseHead, StatusWords, TaskKey } from "@gentask/core/provider"
import type { Params } from "./api.ts"
import { readError } from "./errors.ts"
import { fileResponse } from "./wire.ts"
import type { MinimaxResponse, MinimaxTask } from "./wire.ts"

/** The words of the first API, and of the second. */
export const statuses: StatusWords = {
  queued: ["Preparing", "Queueing", "queued"],
  running: ["Processing", "running"],
  succeeded: ["Success", "succeeded"],
  failed: ["Fail", "failed"],
  canceled: ["cancelled"],
  expired: ["expired"]
}
const statusOf = statusTable(statuses)

const hourMs = 60 * 60_000

/** A task that has succeeded has the id of a file. A further request returns its link, which is valid for an hour. */
const retrieveFile = (task: MinimaxResponse, fileId: string): QueryOutcome =>
  followUp({
    request: { method: "GET", path: "/v1/files/retrieve", query: { file_id: fileId } },
    response: fileResponse,
    decode: ({ file }) => {
      if (!file) return queryError({ _tag: "UnexpectedResponse", path: "file" })
      const { video_width: width, video_height: height } = task
      return snapshot({
        rawStatus: task.status,
        outputs: [{ kind: "video", url: file.download_url, width, height, expiresInMs: hourMs }]
      })
    }
  })

const decodeFirst = (task: MinimaxResponse): QueryOutcome => {
  if (!task.status) return queryError({ _tag: "UnexpectedResponse", path: "status" })
  return statusOf(task.status) === "succeeded" && task.file_id
    ? retrieveFile(task, String(task.file_id))
    : snapshot({ rawStatus: task.status, failure: readError(task) })
}

const decodeSecond = (task: MinimaxTask): QueryOutcome => {
  const { content, created_at: createdAt, error, model, status, updated_at: updatedAt, usage } = task
  const seconds = usage?.total_seconds
  return snapshot({
    rawStatus: status,
    model,
    createdAt,
    updatedAt,
    outputs: readMedia(content, { kind: "video" }),
    failure: error,
    cost: seconds == null ? undefined : { amount: seconds, unit: "seconds" }
  })
}

/** Decodes a task. */
export const decode = (
  body: MinimaxResponse,
  _head: ResponseHead,
  { params }: TaskKey<Params>
): QueryOutcome => {
  if (params.api === undefined) return decodeFirst(body)
  return body.task?.status
    ? decodeSecond(body.task)
    : queryError({ _tag: "UnexpectedResponse", path: "task.status" })
}
