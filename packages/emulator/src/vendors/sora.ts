/**
 * The "unified video format" of Sora relays: `GET /v1/video/query?id=`, without an envelope.
 *
 * Documented: the pending and the completed response (the query page of api.jxincm.cn), the statuses `queued`,
 * `processing`, `failed` and `cancelled`, and the hybrid form with a textual progress (octopusx.ai, "unified query").
 * Invented: the fields with the reason of a failure (`detail.pending_info.failure_reason`, which the document shows as
 * null, and an `error` object as public clients read it), `expired`, the completed form of the hybrid, and all error
 * bodies, which follow OpenAI's `{ error: { message, type, code } }` as most relays do.
 */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { ResultLinks } from "../ResultLinks.ts"
import type { TaskPhase } from "../TaskScript.ts"
import { hasEnded, stateAt } from "../TaskState.ts"
import type { TaskState } from "../TaskState.ts"
import type { WireResponse } from "../WireResponse.ts"
import { jsonResponse, statusTextOf } from "../WireResponse.ts"
import type { SoraLinks } from "./soraTemplates.ts"
import { draftInfoFor, inputFor, pendingInfoFor } from "./soraTemplates.ts"
import type { VendorFormat } from "./VendorFormat.ts"
import { failureMessage, parameter } from "./VendorFormat.ts"

const statuses: Record<TaskPhase, string> = {
  queued: "pending",
  running: "pending",
  succeeded: "completed",
  failed: "failed",
  canceled: "cancelled",
  expired: "expired"
}

// octopusx's statuses, which the hybrid form has. They also suit the status inside `pending_info`.
const hybridStatuses: Record<TaskPhase, string> = { ...statuses, queued: "queued", running: "processing" }

const withoutModel = (id: string): string => id.slice(id.indexOf(":") + 1)

const isoMicroseconds = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace("Z", "000Z")

const updatedAt = ({ phase, endedAt }: TaskState, now: number): number =>
  Math.round(hasEnded(phase) ? endedAt : now)

const errorOf = (task: EmulatedTask, phase: TaskPhase) => ({
  code: task.failure.code ?? null,
  message: failureMessage(task, phase, "Video generation failed")
})

const clientError = (
  status: number,
  message: string,
  code: string,
  headers?: Record<string, string>
): WireResponse => jsonResponse(status, { error: { message, type: "invalid_request_error", code } }, headers)

const serverError = (status: number, message: string, code: number | string): WireResponse =>
  jsonResponse(status, { error: { message, type: "server_error", code } })

const httpError = (status: number): WireResponse => {
  const text = statusTextOf(status)
  const code = status === 429 ? "rate_limit_exceeded" : text.toLowerCase().replaceAll(" ", "_")
  return status < 500 ? clientError(status, text, code) : serverError(status, text, code)
}

/** The wire format of Sora relays. */
export const soraFormat = (results: ResultLinks): VendorFormat => {
  const linksOf = (task: EmulatedTask, now: number): SoraLinks => {
    const type = task.media[0]
    if (type === undefined) return { source: null, md: null, gif: null, thumbnail: null }
    const id = encodeURIComponent(withoutModel(task.id))
    const folder = `gptimage/vg-assets/assets%2F${id}%2F${id}_genid_6d46f487-b05f-4854-9c0f-4f2169caab0d%2Fvideos%2F00000_wm`
    const file = (name: string): string => `${folder}%2F${name}`
    return {
      source: results.link(task, file(`src.${type}`), now),
      md: results.link(task, file(`md.${type}`), now),
      gif: results.previewLink(task, file("preview.gif"), now),
      thumbnail: results.previewLink(task, file("thumbnail.webp"), now)
    }
  }

  const pending = (task: EmulatedTask, now: number, state: TaskState) => {
    const { phase, progress } = state
    const id = withoutModel(task.id)
    const status = task.statuses[phase] ?? statuses[phase]
    const error = hasEnded(phase) ? errorOf(task, phase) : null
    return {
      id: task.id,
      detail: {
        id,
        input: inputFor(results.origin, task.prompt),
        status,
        pending_info: pendingInfoFor({
          id,
          prompt: task.prompt,
          status: hybridStatuses[phase],
          createdAt: isoMicroseconds(task.addedAt),
          progress,
          failureReason: error?.message ?? null
        })
      },
      status,
      ...(error && { error }),
      status_update_time: updatedAt(state, now)
    }
  }

  const completed = (task: EmulatedTask, now: number, { endedAt }: TaskState) => {
    const id = withoutModel(task.id)
    const status = task.statuses.succeeded ?? statuses.succeeded
    const links = linksOf(task, now)
    const { prompt } = task
    return {
      id: task.id,
      width: 352,
      detail: {
        id,
        url: links.source,
        input: inputFor(results.origin, prompt),
        status,
        gif_url: links.gif,
        draft_info: draftInfoFor({ id, prompt, links, createdAt: endedAt / 1000 }),
        thumbnail_url: links.thumbnail
      },
      height: 640,
      status,
      video_url: links.source,
      thumbnail_url: links.thumbnail,
      status_update_time: Math.round(endedAt)
    }
  }

  const hybrid = (task: EmulatedTask, now: number, state: TaskState) => {
    const { phase, progress } = state
    return {
      id: task.id,
      object: "video",
      model: task.model,
      status: task.statuses[phase] ?? hybridStatuses[phase],
      progress: String(Math.floor(progress * 100)),
      created_at: Math.floor(task.addedAt / 1000),
      size: "large",
      status_update_time: updatedAt(state, now),
      detail: { input: inputFor(results.origin, task.prompt) },
      ...(phase === "succeeded" && { video_url: linksOf(task, now).source }),
      ...(hasEnded(phase) && phase !== "succeeded" && { error: errorOf(task, phase) })
    }
  }

  return {
    vendor: "sora",
    matches: (method, path) => method === "GET" && path === "/v1/video/query",
    parse: ({ search }) => {
      const taskId = parameter(search, "id")
      return taskId === undefined ? { problem: "The parameter id is required." } : { query: { taskId } }
    },
    respond: (task, now) => {
      const state = stateAt(task, now)
      if (task.dialect === "openai") return jsonResponse(200, hybrid(task, now, state))
      return jsonResponse(200, (state.phase === "succeeded" ? completed : pending)(task, now, state))
    },
    unauthorized: () => clientError(401, "Invalid API key", "invalid_api_key"),
    unknownTask: () => clientError(404, "The task does not exist", "task_not_exist"),
    malformed: (problem) => clientError(400, problem, "invalid_request"),
    httpError,
    businessError: (code = "upstream_error") =>
      serverError(200, "The upstream is busy, try again later", code),
    rateLimited: ({ retryAfter }) =>
      clientError(429, "Rate limit reached", "rate_limit_exceeded", { "retry-after": String(retryAfter) })
  }
}
