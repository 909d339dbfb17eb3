import { codeTable, errorFromCode, followUp, queryError, snapshot, statusTable } from "@gentask/core/provider"
import type { QueryOutcome, StatusWords } from "@gentask/core/provider"
import { retrieval } from "./wire.ts"
import type { MinimaxRetrieval, MinimaxTask } from "./wire.ts"

export const statuses: StatusWords = {
  queued: ["Preparing", "Queueing"],
  running: ["Processing"],
  succeeded: ["Success"],
  failed: ["Fail"]
}
const statusOf = statusTable(statuses)

// From the pages of the query and of the download, and https://platform.minimax.io/docs/api-reference/errorcode
const codes = codeTable([
  // The task's input or its result is sensitive. The vendor's advice is to change the input.
  { codes: [1026, 1027], failure: { reason: "moderation", canResubmit: false } },
  { codes: [1004, 2049], error: "Unauthorized" },
  { codes: [1008], error: "InsufficientCredits" },
  { codes: [1002, 1039, 2045, 2056], error: "RateLimited" },
  { codes: [1000, 1001, 1013, 1024, 1033], error: "Unavailable" },
  { codes: [2013], error: "InvalidRequest" }
])

interface ErrorStatus {
  readonly code: string
  readonly message: string | null | undefined
}

/** Reads the code and the message of a response. Undefined for the code of success. */
const readError = ({ base_resp: envelope }: MinimaxTask | MinimaxRetrieval): ErrorStatus | undefined => {
  const code = String(envelope?.status_code ?? 0)
  return code === "0" ? undefined : { code, message: envelope?.status_msg }
}

/** The outcome of a code that says nothing about the task. */
const toQueryError = ({ code, message }: ErrorStatus): QueryOutcome => {
  const tag = codes(code)?.error
  return queryError(tag === undefined ? errorFromCode(code, { message }) : { _tag: tag, code, message })
}

/** A task that has succeeded has the id of a file. A further request returns its link. */
const retrieveFile = (task: MinimaxTask, fileId: string): QueryOutcome =>
  followUp({
    request: { method: "GET", path: "/v1/files/retrieve", query: { file_id: fileId } },
    response: retrieval,
    decode: (body) => {
      const error = readError(body)
      if (error !== undefined) return toQueryError(error)
      if (!body.file) return queryError({ _tag: "UnexpectedResponse", path: "file" })
      const { video_width: width, video_height: height } = task
      return snapshot({
        rawStatus: task.status,
        outputs: [{ kind: "video", url: body.file.download_url, width, height }]
      })
    }
  })

/** Decodes a task: first a failure, by its code or its status, then any other code, and then the status. */
export const decode = (task: MinimaxTask): QueryOutcome => {
  const error = readError(task)
  const failure = codes(error?.code)?.failure
  const status = statusOf(task.status)
  if (failure !== undefined || status === "failed") {
    return snapshot({ rawStatus: task.status, status: "failed", failure: { ...failure, ...error } })
  }
  if (error !== undefined) return toQueryError(error)
  if (!task.status) return queryError({ _tag: "UnexpectedResponse", path: "status" })
  return status === "succeeded" && task.file_id
    ? retrieveFile(task, String(task.file_id))
    : snapshot({ rawStatus: task.status })
}
