/**
 * The tasks of Black Forest Labs: submit, result, credits and webhooks.
 *
 * Documented: the paths, the forms of both responses to a submit, the result and the credits (the vendor's OpenAPI
 * document), the words of the status (https://docs.bfl.ai/api_integration/errors), the signature and the 3 retries of a
 * webhook (https://github.com/black-forest-labs/skills). Read in @ai-sdk/black-forest-labs: the times of a result. Known from
 * clients: the reasons of moderated content. Invented: only the prompt or an image is required, the kind of a model follows
 * from its name, the status of canceled and expired tasks is `Error`, and the megapixels.
 */
import { createHmac } from "node:crypto"
import { parseObject } from "../../json.ts"
import { hasValue, promptIn, textIn } from "../../submit/bodyFields.ts"
import type { CallbackMessage, ParsedSubmit, RequestedCallback } from "../../submit/VendorEndpoint.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import type { TaskPhase } from "../../TaskScript.ts"
import type { TaskView } from "../../TaskView.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { failureMessage, parameter } from "../VendorFormat.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { errors, invalidField } from "./errors.ts"

const moderated = /^(?:Request|Content) Moderated$/

const statuses: Readonly<Record<TaskPhase, string>> = {
  queued: "Pending",
  running: "Pending",
  succeeded: "Ready",
  failed: "Error",
  canceled: "Error",
  expired: "Error"
}

const defaultCodes: Partial<Record<TaskPhase, string>> = {
  failed: "content_policy_violation",
  expired: "generation_timeout"
}

/** Why a task failed: moderated content is a status of its own. */
const failureAt = (task: EmulatedTask, phase: TaskPhase) => {
  const message = failureMessage(task, phase, "The prompt violated content policy")
  const code = String(task.failure.code ?? defaultCodes[phase] ?? "internal_error")
  return moderated.test(code)
    ? { status: code, details: { "Moderation Reasons": [message] } }
    : { error: code, message }
}

const sampleOf = ({ links }: VendorContext, task: TaskView, now: number): string | null => {
  const [type] = task.media
  return type === undefined ? null : links.link(task, `sample.${type}`, now)
}

/** The result at `now`. */
const resultAt = (context: VendorContext, task: TaskView, now: number) => {
  const { phase, progress, startedAt, endedAt } = stateAt(task, now)
  const times = {
    start_time: startedAt / 1000,
    end_time: endedAt / 1000,
    duration: (endedAt - startedAt) / 1000
  }
  return {
    id: task.id,
    status: task.statuses[phase] ?? statuses[phase],
    result:
      phase === "succeeded"
        ? { sample: sampleOf(context, task, now), prompt: task.prompt, seed: 42, ...times }
        : null,
    progress: phase === "running" ? progress : null,
    details: null,
    preview: null,
    ...(hasEnded(phase) &&
      phase !== "succeeded" &&
      task.statuses[phase] === undefined &&
      failureAt(task, phase))
  }
}

const callbackOf = (
  body: Readonly<Record<string, unknown>>,
  notification: RequestedCallback["body"]
): RequestedCallback | undefined => {
  const url = textIn(body, "webhook_url")
  const secret = textIn(body, "webhook_secret")
  if (url === undefined) return undefined
  const sign = ({ body: text, key = secret, forged }: CallbackMessage): Readonly<Record<string, string>> => {
    if (key === undefined) return {}
    const signature = createHmac("sha256", forged ? `${key}?` : key)
      .update(text)
      .digest("hex")
    return { "x-bfl-signature": `sha256=${signature}` }
  }
  return { url, body: notification, sign, attempts: 4 }
}

/** The routes. */
export const taskRoutes = (context: VendorContext): readonly VendorRoute[] => {
  const parse = ({
    body: text,
    params
  }: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
    const body = parseObject(text)
    if (body === undefined)
      return { rejection: errors.error(400, { message: "The body must be a JSON object." }) }
    if (!["prompt", "image", "input_image", "draft_cache"].some((name) => hasValue(body, name)))
      return { rejection: invalidField("prompt", "Field required") }
    const model = params["model"] ?? ""
    const callback = callbackOf(body, (task, now) => ({
      ...resultAt(context, task, now),
      timestamp: new Date(now).toISOString()
    }))
    return {
      body,
      task: { model, ...promptIn(body), ...(model.includes("video") && { kind: "video" }) },
      callback,
      accepted: ({ id, submit }) =>
        jsonResponse(200, {
          id,
          ...(callback === undefined
            ? { polling_url: `${context.url}/v1/get_result?id=${id}` }
            : { status: "Pending", webhook_url: callback.url }),
          cost: submit?.cost ?? null,
          input_mp: 0,
          output_mp: 1.05
        })
    }
  }

  return [
    {
      purpose: "query",
      method: "GET",
      path: /^\/v1\/get_result$/,
      taskId: ({ search }) => parameter(search, "id"),
      respond: (task, now) => jsonResponse(200, resultAt(context, task, now))
    },
    {
      purpose: "account",
      method: "GET",
      path: /^\/v1\/credits$/,
      respond: (_, { balance: { granted, used } }) => jsonResponse(200, { credits: granted - used })
    },
    {
      purpose: "submit",
      method: "POST",
      path: /^\/v1\/(?<model>[\w.-]+)$/,
      maxBodySize: 64 * 1_048_576,
      parse
    }
  ]
}
