/**
 * The statuses and results of fal's requests.
 *
 * Documented: the members of a status (https://docs.fal.ai/documentation/model-apis/inference/queue), and the form of
 * files. Read in the types of @fal-ai/client 1.10.1: the results of models. Invented: that the `error` of a model's error is
 * the text of its webhook, that a canceled request is `COMPLETED` with the type `client_cancelled`, an expired one with
 * `request_timeout`, and the number of billable units.
 */
import type { EmulatedTask } from "../../EmulatedTask.ts"
import type { MediaFormat } from "../../MediaFormat.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import type { TaskPhase } from "../../TaskScript.ts"
import { listedResults } from "../../TaskView.ts"
import type { TaskView } from "../../TaskView.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { logsAt, queuePositionAt } from "../taskProgress.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { VendorContext } from "../VendorModule.ts"
import { errors, failedResult, isRequestError } from "./errors.ts"

const statuses: Readonly<Record<TaskPhase, string>> = {
  queued: "IN_QUEUE",
  running: "IN_PROGRESS",
  succeeded: "COMPLETED",
  failed: "COMPLETED",
  canceled: "COMPLETED",
  expired: "COMPLETED"
}

const formats: Readonly<
  Record<MediaFormat, { readonly type: string; readonly size?: readonly [number, number] }>
> = {
  png: { type: "image/png", size: [256, 256] },
  jpeg: { type: "image/jpeg", size: [256, 256] },
  webp: { type: "image/webp", size: [176, 320] },
  gif: { type: "image/gif", size: [88, 160] },
  mp4: { type: "video/mp4" },
  wav: { type: "audio/wav" }
}

/** The app of a task, which the paths of its requests begin with. */
export const appOf = ({ data, model }: Pick<EmulatedTask, "data" | "model">): string => {
  if (typeof data["app"] === "string") return data["app"]
  return model
    .split("/")
    .slice(0, /^(?:workflows|comfy)\//.test(model) ? 3 : 2)
    .join("/")
}

/** Where a request is. */
export const urlsOf = (url: string, task: EmulatedTask) => {
  const request = `${url}/${appOf(task)}/requests/${task.id}`
  return { response_url: request, status_url: `${request}/status`, cancel_url: `${request}/cancel` }
}

interface FailureText {
  readonly type: string
  readonly message: string
}

const failureOf = (task: EmulatedTask, phase: TaskPhase): FailureText => {
  const types = { canceled: "client_cancelled", expired: "request_timeout" } as const
  const type = phase === "canceled" || phase === "expired" ? types[phase] : undefined
  const documented =
    "The content could not be processed because it contained material flagged by a content checker."
  return {
    type: String(task.failure.code ?? type ?? "content_policy_violation"),
    message: failureMessage(task, phase, documented)
  }
}

const errorOf = ({ type, message }: FailureText) =>
  isRequestError(type)
    ? { error: message, error_type: type }
    : { error: `Invalid status code: ${failedResult(type, message).status}` }

/** The status of a request at `now`. */
export const statusAt = ({ url }: VendorContext, task: TaskView, now: number, withLogs: boolean) => {
  const { phase, startedAt, endedAt } = stateAt(task, now)
  const isDone = hasEnded(phase)
  return {
    status: task.statuses[phase] ?? statuses[phase],
    request_id: task.id,
    ...urlsOf(url, task),
    ...(phase === "queued" && { queue_position: queuePositionAt(task, now) }),
    ...(phase !== "queued" && {
      logs: withLogs
        ? logsAt(task, now).map((message) => ({
            message,
            level: "INFO",
            source: "USER",
            timestamp: new Date(startedAt).toISOString()
          }))
        : null
    }),
    ...(isDone && { metrics: { inference_time: (endedAt - startedAt) / 1000 } }),
    ...(isDone && phase !== "succeeded" && errorOf(failureOf(task, phase)))
  }
}

/** The output of a request that succeeded. */
export const outputAt = ({ links }: VendorContext, task: TaskView, now: number) => {
  const files = listedResults(task).map(({ type, index }) => {
    const { type: content_type, size } = formats[type]
    return {
      url: links.link(task, `${index}.${type}`, now),
      content_type,
      file_name: `${index}.${type}`,
      ...(size && { width: size[0], height: size[1] })
    }
  })
  if (task.kind !== "image") return { [task.kind]: files[0] ?? null }
  return {
    images: files,
    timings: { inference: task.runningFor / 1000 },
    seed: 42,
    has_nsfw_concepts: files.map(() => false),
    prompt: task.prompt
  }
}

/** The result of a request at `now`: its output, or the error that it failed with. */
export const resultAt = (context: VendorContext, task: TaskView, now: number): WireResponse => {
  const { phase } = stateAt(task, now)
  if (!hasEnded(phase)) return errors.error(400, { message: "Request is still in progress" })
  if (phase !== "succeeded") {
    const { type, message } = failureOf(task, phase)
    return failedResult(type, message)
  }
  return jsonResponse(200, outputAt(context, task, now), {
    "x-fal-request-id": task.id,
    "x-fal-billable-units": String(task.media.length)
  })
}

/** The notification about a request that has ended. */
export const notificationAt = (context: VendorContext, task: TaskView, now: number) => {
  const { status, body } = resultAt(context, task, now)
  const payload: unknown = typeof body === "string" ? JSON.parse(body) : null
  return {
    request_id: task.id,
    gateway_request_id: task.id,
    ...(status === 200 ? { status: "OK" } : { status: "ERROR", error: `Invalid status code: ${status}` }),
    payload
  }
}
