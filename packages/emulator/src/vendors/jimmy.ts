/**
 * Jimmy AI: `GET /api/open-api/v1/images/{taskId}` and `/videos/{taskId}`.
 *
 * Documented: the paths, the envelope and its fields (the vendor's page "查询图片任务"), the status words and
 * what `progress` is in each (https://docs.jimmyai.cn/en/api-reference/common/query). Invented, since the vendor
 * says nothing: fields are absent until they mean something, instants are Unix seconds, images and videos
 * do not find each other's tasks, canceled and expired tasks read `failed`, and every error body.
 */
import type { Results } from "../Results.ts"
import type { EmulatedTask, Phase } from "../TaskScript.ts"
import type { Moment } from "../Timeline.ts"
import { hasEnded, momentOf } from "../Timeline.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import { jsonAnswer, phraseOf } from "../WireAnswer.ts"
import type { VendorFormat } from "./VendorFormat.ts"
import { failureMessage } from "./VendorFormat.ts"

const prefix = "/api/open-api/v1/"
const queryPath = /^\/api\/open-api\/v1\/(images|videos)\/([^/]*)$/

const words: Record<Phase, string> = {
  queued: "queued",
  running: "processing",
  succeeded: "completed",
  failed: "failed",
  canceled: "failed",
  expired: "failed"
}

// Documented: 0 while queued, 1-99 while processing, 100 when completed, and back to 0 when failed.
const percent = ({ phase, progress }: Moment): number =>
  phase === "running" ? Math.min(99, Math.max(1, Math.floor(progress * 100))) : progress * 100

const seconds = (instant: number): number => Math.floor(instant / 1000)

const refuse = (status: number, msg: string, headers?: Record<string, string>): WireAnswer =>
  jsonAnswer(status, { code: `${status}00`, msg, data: null }, headers)

/** Jimmy AI's wire format. */
export const jimmy = (results: Results): VendorFormat => {
  const result = (task: EmulatedTask, now: number) => {
    const type = task.media[0]
    if (type === undefined) return {}
    const link = results.link(task, `result.${type}`, now)
    return task.kind === "video" ? { video_url: link } : { image_url: link }
  }

  const dataOf = (task: EmulatedTask, now: number) => {
    const moment = momentOf(task, now)
    const { phase } = moment
    return {
      task_id: task.id,
      status: task.words[phase] ?? words[phase],
      progress: percent(moment),
      model: task.model,
      created_at: seconds(task.addedAt),
      ...(hasEnded(phase) && { completed_at: seconds(moment.endedAt) }),
      ...(phase === "succeeded" && { result: result(task, now) }),
      ...(hasEnded(phase) &&
        phase !== "succeeded" && { error_message: failureMessage(task, phase, "Generation failed") })
    }
  }

  return {
    vendor: "jimmy",
    matches: (method, path) => method === "GET" && path.startsWith(prefix) && queryPath.test(path),
    read: ({ path }) => {
      const [, folder, id = ""] = queryPath.exec(path) ?? []
      if (id === "") return { problem: "The path must end in a task id." }
      try {
        return { question: { taskId: decodeURIComponent(id), kind: folder === "videos" ? "video" : "image" } }
      } catch {
        return { problem: "The task id in the path is not percent-encoded UTF-8." }
      }
    },
    concerns: (task, question) => task.kind === question.kind,
    answer: (task, now) => {
      const data = dataOf(task, now)
      if (task.dialect === "bare") return jsonAnswer(200, data)
      return jsonAnswer(200, { code: task.dialect === "numeric-code" ? 20_000 : "20000", msg: "ok", data })
    },
    unauthorized: () => refuse(401, "Invalid API key"),
    unknownTask: () => refuse(404, "Task not found"),
    malformed: (problem) => refuse(400, problem),
    failure: (status) => refuse(status, phraseOf(status)),
    businessError: (code = "50000") =>
      jsonAnswer(200, { code, msg: "System busy, try again later", data: null }),
    rateLimited: ({ retryAfter }) => refuse(429, "Too many requests", { "retry-after": String(retryAfter) })
  }
}
