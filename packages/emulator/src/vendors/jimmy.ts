/**
 * Jimmy AI: `GET /api/open-api/v1/images/{taskId}` and `/videos/{taskId}`.
 *
 * Documented: the paths, the envelope and its fields (the vendor's page "查询图片任务"), the statuses and the
 * `progress` of each (https://docs.jimmyai.cn/en/api-reference/common/query). Invented, since the vendor does not
 * document it: fields are absent until they have a value, times are Unix seconds, the path of images does not find
 * videos nor the reverse, canceled and expired tasks have the status `failed`, and all error bodies.
 */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { ResultLinks } from "../ResultLinks.ts"
import type { TaskPhase } from "../TaskScript.ts"
import type { TaskState } from "../TaskState.ts"
import { hasEnded, stateAt } from "../TaskState.ts"
import type { WireResponse } from "../WireResponse.ts"
import { jsonResponse, statusTextOf } from "../WireResponse.ts"
import type { VendorFormat } from "./VendorFormat.ts"
import { failureMessage } from "./VendorFormat.ts"

const prefix = "/api/open-api/v1/"
const queryPath = /^\/api\/open-api\/v1\/(images|videos)\/([^/]*)$/

const statuses: Record<TaskPhase, string> = {
  queued: "queued",
  running: "processing",
  succeeded: "completed",
  failed: "failed",
  canceled: "failed",
  expired: "failed"
}

// Documented: 0 while queued, 1-99 while processing, 100 when completed, and back to 0 when failed.
const percent = ({ phase, progress }: TaskState): number =>
  phase === "running" ? Math.min(99, Math.max(1, Math.floor(progress * 100))) : progress * 100

const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)

const errorResponse = (status: number, msg: string, headers?: Record<string, string>): WireResponse =>
  jsonResponse(status, { code: `${status}00`, msg, data: null }, headers)

/** Jimmy AI's wire format. */
export const jimmyFormat = (results: ResultLinks): VendorFormat => {
  const result = (task: EmulatedTask, now: number) => {
    const type = task.media[0]
    if (type === undefined) return {}
    const link = results.link(task, `result.${type}`, now)
    return task.kind === "video" ? { video_url: link } : { image_url: link }
  }

  const dataOf = (task: EmulatedTask, now: number) => {
    const state = stateAt(task, now)
    const { phase } = state
    return {
      task_id: task.id,
      status: task.statuses[phase] ?? statuses[phase],
      progress: percent(state),
      model: task.model,
      created_at: toSeconds(task.addedAt),
      ...(hasEnded(phase) && { completed_at: toSeconds(state.endedAt) }),
      ...(phase === "succeeded" && { result: result(task, now) }),
      ...(hasEnded(phase) &&
        phase !== "succeeded" && { error_message: failureMessage(task, phase, "Generation failed") })
    }
  }

  return {
    vendor: "jimmy",
    matches: (method, path) => method === "GET" && path.startsWith(prefix) && queryPath.test(path),
    parse: ({ path }) => {
      const [, folder, id = ""] = queryPath.exec(path) ?? []
      if (id === "") return { problem: "The path must end in a task id." }
      try {
        return { query: { taskId: decodeURIComponent(id), kind: folder === "videos" ? "video" : "image" } }
      } catch {
        return { problem: "The task id in the path is not percent-encoded UTF-8." }
      }
    },
    matchesTask: (task, query) => task.kind === query.kind,
    respond: (task, now) => {
      const data = dataOf(task, now)
      if (task.dialect === "bare") return jsonResponse(200, data)
      return jsonResponse(200, { code: task.dialect === "numeric-code" ? 20_000 : "20000", msg: "ok", data })
    },
    unauthorized: () => errorResponse(401, "Invalid API key"),
    unknownTask: () => errorResponse(404, "Task not found"),
    malformed: (problem) => errorResponse(400, problem),
    httpError: (status) => errorResponse(status, statusTextOf(status)),
    businessError: (code = "50000") =>
      jsonResponse(200, { code, msg: "System busy, try again later", data: null }),
    rateLimited: ({ retryAfter }) =>
      errorResponse(429, "Too many requests", { "retry-after": String(retryAfter) })
  }
}
