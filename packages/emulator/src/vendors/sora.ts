/**
 * The "unified video format" of Sora relays: `GET /v1/video/query?id=`, without an envelope.
 *
 * Documented: the pending and the completed answer (the query page of api.jxincm.cn), the words `queued`,
 * `processing`, `failed` and `cancelled` and the hybrid with a textual progress (octopusx.ai, "unified query").
 * Invented: where a failed task says why (`detail.pending_info.failure_reason`, which the document shows as null,
 * and an `error` object as public clients read it), `expired`, the completed form of the hybrid, and every error
 * body, which follow OpenAI's `{ error: { message, type, code } }` as most relays do.
 */
import type { Results } from "../Results.ts"
import type { EmulatedTask, Phase } from "../TaskScript.ts"
import { hasEnded, momentOf } from "../Timeline.ts"
import type { Moment } from "../Timeline.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import { jsonAnswer, phraseOf } from "../WireAnswer.ts"
import type { SoraLinks } from "./soraTemplates.ts"
import { draftInfoOf, inputOf, pendingInfoOf } from "./soraTemplates.ts"
import type { VendorFormat } from "./VendorFormat.ts"
import { failureMessage, parameter } from "./VendorFormat.ts"

const words: Record<Phase, string> = {
  queued: "pending",
  running: "pending",
  succeeded: "completed",
  failed: "failed",
  canceled: "cancelled",
  expired: "expired"
}

// octopusx's words: those of the hybrid form, and fit for the status inside `pending_info`.
const fullWords: Record<Phase, string> = { ...words, queued: "queued", running: "processing" }

const withoutModel = (id: string): string => id.slice(id.indexOf(":") + 1)

const microseconds = (instant: number): string => new Date(instant).toISOString().replace("Z", "000Z")

const updatedAt = ({ phase, endedAt }: Moment, now: number): number =>
  Math.round(hasEnded(phase) ? endedAt : now)

const errorOf = (task: EmulatedTask, phase: Phase) => ({
  code: task.failure.code ?? null,
  message: failureMessage(task, phase, "Video generation failed")
})

const refuse = (
  status: number,
  message: string,
  code: string,
  headers?: Record<string, string>
): WireAnswer => jsonAnswer(status, { error: { message, type: "invalid_request_error", code } }, headers)

const serverError = (status: number, message: string, code: number | string): WireAnswer =>
  jsonAnswer(status, { error: { message, type: "server_error", code } })

const failure = (status: number): WireAnswer => {
  const phrase = phraseOf(status)
  const code = status === 429 ? "rate_limit_exceeded" : phrase.toLowerCase().replaceAll(" ", "_")
  return status < 500 ? refuse(status, phrase, code) : serverError(status, phrase, code)
}

/** The wire format of Sora relays. */
export const sora = (results: Results): VendorFormat => {
  const linksOf = (task: EmulatedTask, now: number): SoraLinks => {
    const type = task.media[0]
    if (type === undefined) return { source: null, md: null, gif: null, thumbnail: null }
    const id = encodeURIComponent(withoutModel(task.id))
    const folder = `gptimage/vg-assets/assets%2F${id}%2F${id}_genid_6d46f487-b05f-4854-9c0f-4f2169caab0d%2Fvideos%2F00000_wm`
    const file = (name: string): string => `${folder}%2F${name}`
    return {
      source: results.link(task, file(`src.${type}`), now),
      md: results.link(task, file(`md.${type}`), now),
      gif: results.sideLink(task, file("preview.gif"), now),
      thumbnail: results.sideLink(task, file("thumbnail.webp"), now)
    }
  }

  const pending = (task: EmulatedTask, now: number, moment: Moment) => {
    const { phase, progress } = moment
    const id = withoutModel(task.id)
    const status = task.words[phase] ?? words[phase]
    const error = hasEnded(phase) ? errorOf(task, phase) : null
    return {
      id: task.id,
      detail: {
        id,
        input: inputOf(results.origin, task.prompt),
        status,
        pending_info: pendingInfoOf({
          id,
          prompt: task.prompt,
          status: fullWords[phase],
          createdAt: microseconds(task.addedAt),
          progress,
          failureReason: error?.message ?? null
        })
      },
      status,
      ...(error && { error }),
      status_update_time: updatedAt(moment, now)
    }
  }

  const completed = (task: EmulatedTask, now: number, { endedAt }: Moment) => {
    const id = withoutModel(task.id)
    const status = task.words.succeeded ?? words.succeeded
    const links = linksOf(task, now)
    const { prompt } = task
    return {
      id: task.id,
      width: 352,
      detail: {
        id,
        url: links.source,
        input: inputOf(results.origin, prompt),
        status,
        gif_url: links.gif,
        draft_info: draftInfoOf({ id, prompt, links, createdAt: endedAt / 1000 }),
        thumbnail_url: links.thumbnail
      },
      height: 640,
      status,
      video_url: links.source,
      thumbnail_url: links.thumbnail,
      status_update_time: Math.round(endedAt)
    }
  }

  const hybrid = (task: EmulatedTask, now: number, moment: Moment) => {
    const { phase, progress } = moment
    return {
      id: task.id,
      object: "video",
      model: task.model,
      status: task.words[phase] ?? fullWords[phase],
      progress: String(Math.floor(progress * 100)),
      created_at: Math.floor(task.addedAt / 1000),
      size: "large",
      status_update_time: updatedAt(moment, now),
      detail: { input: inputOf(results.origin, task.prompt) },
      ...(phase === "succeeded" && { video_url: linksOf(task, now).source }),
      ...(hasEnded(phase) && phase !== "succeeded" && { error: errorOf(task, phase) })
    }
  }

  return {
    vendor: "sora",
    matches: (method, path) => method === "GET" && path === "/v1/video/query",
    read: ({ search }) => {
      const taskId = parameter(search, "id")
      return taskId === undefined ? { problem: "The parameter id is required." } : { question: { taskId } }
    },
    answer: (task, now) => {
      const moment = momentOf(task, now)
      if (task.dialect === "openai") return jsonAnswer(200, hybrid(task, now, moment))
      return jsonAnswer(200, (moment.phase === "succeeded" ? completed : pending)(task, now, moment))
    },
    unauthorized: () => refuse(401, "Invalid API key", "invalid_api_key"),
    unknownTask: () => refuse(404, "The task does not exist", "task_not_exist"),
    malformed: (problem) => refuse(400, problem, "invalid_request"),
    failure,
    businessError: (code = "upstream_error") =>
      serverError(200, "The upstream is busy, try again later", code),
    rateLimited: ({ retryAfter }) =>
      refuse(429, "Rate limit reached", "rate_limit_exceeded", { "retry-after": String(retryAfter) })
  }
}
