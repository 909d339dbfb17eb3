/** What the answers of MiniMax mean: the one about the task, and, once it has succeeded, the one about its file. */
import { codeTable, queryError, errorFromCode, followUp, snapshot, statusTable } from "@gentask/core/provider"
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

// Of the query's page, the download's and https://platform.minimax.io/docs/api-reference/errorcode.
const codes = codeTable([
  // Of a task: what it was given, or what it made. "Change your input content" is what helps.
  { codes: [1026, 1027], failure: { reason: "moderation", canResubmit: false } },
  { codes: [1004, 2049], error: "Unauthorized" },
  { codes: [1008], error: "InsufficientCredits" },
  { codes: [1002, 1039, 2045, 2056], error: "RateLimited" },
  { codes: [1000, 1001, 1013, 1024, 1033], error: "Unavailable" },
  { codes: [2013], error: "InvalidRequest" }
])

interface Trouble {
  readonly code: string
  readonly message: string | null | undefined
}

const readTrouble = ({ base_resp: envelope }: MinimaxTask | MinimaxRetrieval): Trouble | undefined => {
  const code = String(envelope?.status_code ?? 0)
  return code === "0" ? undefined : { code, message: envelope?.status_msg }
}

/** A code that says nothing about the task; of any that is not documented for that, nobody knows. */
const refuse = ({ code, message }: Trouble): QueryOutcome => {
  const tag = codes(code)?.error
  return queryError(tag === undefined ? errorFromCode(code, { message }) : { _tag: tag, code, message })
}

/** A task that succeeded names a file, and only the file's own answer has the link. */
const askForFile = (task: MinimaxTask, file: string): QueryOutcome =>
  followUp({
    request: { method: "GET", path: "/v1/files/retrieve", query: { file_id: file } },
    response: retrieval,
    decode: (body) => {
      const trouble = readTrouble(body)
      if (trouble !== undefined) return refuse(trouble)
      if (!body.file) return queryError({ _tag: "UnexpectedResponse", path: "file" })
      const { video_width: width, video_height: height } = task
      return snapshot({
        rawStatus: task.status,
        outputs: [{ kind: "video", url: body.file.download_url, width, height }]
      })
    }
  })

/** Reads a task: a failure first, by its code or by its word, then any other code, then where it stands. */
export const interpret = (task: MinimaxTask): QueryOutcome => {
  const trouble = readTrouble(task)
  const failure = codes(trouble?.code)?.failure
  const status = statusOf(task.status)
  if (failure !== undefined || status === "failed") {
    return snapshot({ rawStatus: task.status, status: "failed", failure: { ...failure, ...trouble } })
  }
  if (trouble !== undefined) return refuse(trouble)
  if (!task.status) return queryError({ _tag: "UnexpectedResponse", path: "status" })
  return status === "succeeded" && task.file_id
    ? askForFile(task, String(task.file_id))
    : snapshot({ rawStatus: task.status })
}
