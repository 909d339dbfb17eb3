import { followUp, queryError, readMedia, snapshot, statusTable } from "@gentask/core/provider"
import type { QueryOutcome, ResponseHead, StatusWords, TaskKey } from "@gentask/core/provider"
import type { Params } from "./api.ts"
import { meaningOf, readError, reasonOf } from "./errorReason.ts"
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
    decode: (body, { status }) => {
      const error = readError(body)
      if (error !== undefined) return queryError(reasonOf(error, status))
      if (!body.file) return queryError({ _tag: "UnexpectedResponse", path: "file" })
      const { video_width: width, video_height: height } = task
      return snapshot({
        rawStatus: task.status,
        outputs: [{ kind: "video", url: body.file.download_url, width, height, expiresInMs: hourMs }]
      })
    }
  })

/** Decodes a task of the first API: first a failure, by its code or its status, then any other code, then the status. */
const decodeFirst = (task: MinimaxResponse, httpStatus: number): QueryOutcome => {
  const error = readError(task)
  const failure = meaningOf(error?.code)?.failure
  const status = statusOf(task.status)
  if (failure !== undefined || status === "failed") {
    return snapshot({ rawStatus: task.status, status: "failed", failure: { ...failure, ...error } })
  }
  if (error !== undefined) return queryError(reasonOf(error, httpStatus))
  if (!task.status) return queryError({ _tag: "UnexpectedResponse", path: "status" })
  return status === "succeeded" && task.file_id
    ? retrieveFile(task, String(task.file_id))
    : snapshot({ rawStatus: task.status })
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
    failure: { ...meaningOf(error?.code)?.failure, ...error },
    cost: seconds == null ? undefined : { amount: seconds, unit: "seconds" }
  })
}

/** Decodes a task. */
export const decode = (
  body: MinimaxResponse,
  head: ResponseHead,
  { params }: TaskKey<Params>
): QueryOutcome => {
  if (params.api === undefined) return decodeFirst(body, head.status)
  const error = readError(body)
  if (error !== undefined) return queryError(reasonOf(error, head.status))
  return body.task?.status
    ? decodeSecond(body.task)
    : queryError({ _tag: "UnexpectedResponse", path: "task.status" })
}

/** Decodes the error of a response with an HTTP error. */
export const decodeError = (body: MinimaxResponse, { status }: ResponseHead): QueryOutcome | undefined => {
  const error = readError(body)
  return error && queryError(reasonOf(error, status))
}
