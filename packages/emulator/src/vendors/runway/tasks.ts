/**
 * Runway's tasks: create, get, and cancel or delete.
 *
 * Documented: the paths, the version header, the members of a task in each status, that a canceled or deleted task is not
 * found, and the failure codes (https://docs.dev.runwayml.com/api). Invented: the costs, the failure of a task without a
 * scripted one, that an expired task has failed, and which fields are required.
 */
import { isRecord, parseObject } from "../../json.ts"
import { textIn } from "../../submit/bodyFields.ts"
import type { EndpointContext, ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import { stateAt } from "../../TaskState.ts"
import { listedResults } from "../../TaskView.ts"
import type { TaskView } from "../../TaskView.ts"
import type { TaskKind, TaskPhase } from "../../TaskScript.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { requestedMedia } from "../requestedMedia.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { badRequest, errors, invalidField } from "./errors.ts"

const cost = { credits: 25 }

/** What each path makes, and the fields of which its body needs one. */
const kinds: Readonly<Record<string, { readonly kind: TaskKind; readonly required: readonly string[] }>> = {
  text_to_image: { kind: "image", required: ["promptText"] },
  text_to_video: { kind: "video", required: ["promptText"] },
  image_to_video: { kind: "video", required: ["promptImage"] },
  video_to_video: { kind: "video", required: ["videoUri", "promptVideo"] },
  video_to_hdr: { kind: "video", required: ["videoUri"] },
  image_upscale: { kind: "image", required: ["imageUri"] },
  video_upscale: { kind: "video", required: ["videoUri"] },
  character_performance: { kind: "video", required: ["character"] },
  sound_effect: { kind: "audio", required: ["promptText"] },
  text_to_speech: { kind: "audio", required: ["promptText"] }
}

const statuses: Readonly<Record<TaskPhase, string>> = {
  queued: "PENDING",
  running: "RUNNING",
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  canceled: "CANCELLED",
  expired: "FAILED"
}

/** The response to a request without the version header, which is required. */
export const versionProblem = ({ headers }: VendorRequest): WireResponse | undefined =>
  headers["x-runway-version"] === "2024-11-06"
    ? undefined
    : badRequest("The header X-Runway-Version must be 2024-11-06.")

const taskAt = ({ links }: VendorContext, task: TaskView, now: number): object => {
  const { phase, progress } = stateAt(task, now)
  const status = task.statuses[phase] ?? statuses[phase]
  const own = { id: task.id, createdAt: new Date(task.addedAt).toISOString(), status }
  switch (phase) {
    case "queued":
      return { ...own, estimatedCost: cost }
    case "running":
      return { ...own, estimatedCost: cost, progress }
    case "succeeded":
      return {
        ...own,
        cost,
        output: listedResults(task).map(({ type, index }) => links.link(task, `${index}.${type}`, now))
      }
    case "canceled":
      return { ...own, cost: { credits: 0 } }
    default:
      return {
        ...own,
        cost: { credits: 0 },
        failure: failureMessage(task, phase, "An unexpected error occurred."),
        failureCode: String(
          task.failure.code ?? (phase === "expired" ? "INTERNAL" : "INTERNAL.BAD_OUTPUT.CODE01")
        )
      }
  }
}

/** The uploads that a body names. */
const uploadsIn = (value: unknown): readonly string[] => {
  if (typeof value === "string") return value.startsWith("runway://") ? [value] : []
  if (Array.isArray(value)) return value.flatMap(uploadsIn)
  return isRecord(value) ? Object.values(value).flatMap(uploadsIn) : []
}

/** The routes of tasks. */
export const taskRoutes = (context: VendorContext): readonly VendorRoute[] => {
  const parse = (request: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
    const kind = kinds[request.params["kind"] ?? ""]
    const wrongVersion = versionProblem(request)
    if (wrongVersion !== undefined) return { rejection: wrongVersion }
    if (kind === undefined) return { rejection: errors.error(404) }
    const body = parseObject(request.body)
    if (body === undefined) return { rejection: badRequest("The body must be a JSON object.") }
    const model = textIn(body, "model")
    if (model === undefined) return { rejection: invalidField("model", "Required") }
    if (!kind.required.some((name) => body[name] !== undefined))
      return { rejection: invalidField(kind.required[0] ?? "", "Required") }
    const missing = uploadsIn(body).find((reference) => context.uploads.find(reference) === undefined)
    if (missing !== undefined) return { rejection: badRequest(`The upload ${missing} does not exist.`) }
    const prompt = textIn(body, "promptText")
    return {
      body,
      task: {
        model,
        kind: kind.kind,
        ...(prompt !== undefined && { prompt }),
        ...requestedMedia(body["outputCount"], 10, kind.kind === "image" ? "png" : "mp4"),
        data: { input: body }
      },
      accepted: ({ id }) => jsonResponse(200, { id, estimatedCost: cost })
    }
  }

  const cancel = (
    request: VendorRequest,
    { task: find, endTask, removeTask }: EndpointContext
  ): WireResponse => {
    const task = find(request.params["id"] ?? "")
    if (task === undefined) return errors.unknownTask?.("") ?? errors.error(404)
    endTask(task, "canceled")
    removeTask(task)
    return { status: 204, headers: {}, body: "" }
  }

  const path = /^\/v1\/tasks\/(?<id>[^/]+)$/
  return [
    {
      purpose: "submit",
      method: "POST",
      path: new RegExp(`^/v1/(?<kind>${Object.keys(kinds).join("|")})$`),
      maxBodySize: 20 * 1_048_576,
      parse
    },
    {
      purpose: "query",
      method: "GET",
      path,
      respond: (task, now, request) =>
        versionProblem(request) ?? jsonResponse(200, taskAt(context, task, now))
    },
    { purpose: "cancel", method: "DELETE", path, respond: cancel }
  ]
}
