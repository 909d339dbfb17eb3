/**
 * Replicate's predictions: create, get, list, cancel, and the account.
 *
 * Documented: the paths, `Prefer: wait`, and what `Cancel-After` does (https://replicate.com/docs/topics/predictions).
 * Read in replicate-javascript 1.4.0: the bodies and the pages of the list. Invented: the kind of a model follows from
 * its name, every creation gets HTTP 201, the form of `Cancel-After` values, and the pages' cursors.
 */
import { parseObject, isRecord } from "../../json.ts"
import { textIn } from "../../submit/bodyFields.ts"
import type { EndpointContext, ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { requestedMedia } from "../requestedMedia.ts"
import { respondAtEnd } from "../taskProgress.ts"
import type { SubmitRoute, VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { errors, invalidInput } from "./errors.ts"
import { predictionAt } from "./prediction.ts"
import type { Webhooks } from "./webhooks.ts"

const videoModel = /video|veo|sora|kling|seedance|hailuo|wan-|ray-|pixverse|runway/
const audioModel = /music|speech|audio|tts/

const kindOfModel = (model: string) => {
  if (videoModel.test(model)) return "video"
  return audioModel.test(model) ? "audio" : undefined
}

/** Documented: `Prefer: wait` or `wait=n`, 60 seconds at most, which are the default. */
const maxWaitMs = ({ headers }: VendorRequest): number | undefined => {
  const [match, seconds = "60"] = /(?:^|[\s,;])wait(?:=(\d+))?/.exec(String(headers["prefer"] ?? "")) ?? []
  return match === undefined ? undefined : Math.min(60, Number(seconds)) * 1000
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/** A number of seconds, or text such as `1m30s`. */
const parseCancelAfter = (text: string): number | undefined => {
  if (/^\d+$/.test(text)) return Number(text) * 1000
  if (!/^(?:\d+[smh])+$/.test(text)) return undefined
  const parts = [...text.matchAll(/(\d+)([smh])/g)]
  return parts.reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (units[unit] ?? 0), 0)
}

const modelOf = ({ params }: VendorRequest, version: string | undefined): string | undefined => {
  const { owner, name } = params
  if (owner !== undefined && name !== undefined) return `${owner}/${name}`
  return version?.includes("/") === true ? version.split(":")[0] : undefined
}

const pageSize = 100

/** Documented: `created_after` and `created_before`, in ISO 8601. */
const isInTime = ({ addedAt }: EmulatedTask, query: URLSearchParams): boolean => {
  const [after, before] = [query.get("created_after"), query.get("created_before")]
  return (after === null || addedAt >= Date.parse(after)) && (before === null || addedAt < Date.parse(before))
}

const list = (context: VendorContext, request: VendorRequest): WireResponse => {
  const query = new URLSearchParams(request.search)
  const offset = Number(query.get("cursor") ?? 0)
  const newestFirst = context
    .tasks()
    .filter((task) => isInTime(task, query))
    .toReversed()
  const pageAt = (start: number): string | null =>
    start < 0 || start >= newestFirst.length ? null : `${context.url}/v1/predictions?cursor=${start}`
  return jsonResponse(200, {
    previous: pageAt(offset - pageSize),
    next: pageAt(offset + pageSize),
    results: newestFirst
      .slice(offset, offset + pageSize)
      .map((task) => predictionAt(context, task, Date.now()))
  })
}

/** The routes of predictions. */
export const predictionRoutes = (context: VendorContext, webhooks: Webhooks): readonly VendorRoute[] => {
  const respond = (task: EmulatedTask, now: number, status = 200): WireResponse =>
    jsonResponse(status, predictionAt(context, task, now))

  const parse = (request: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
    const body = parseObject(request.body)
    if (body === undefined)
      return { rejection: errors.error(400, { message: "The body must be a JSON object." }) }
    const version = textIn(body, "version")
    const model = modelOf(request, version)
    if (model === undefined && version === undefined)
      return { rejection: invalidInput("version is required") }
    const { input } = body
    if (!isRecord(input)) return { rejection: invalidInput("input is required") }
    const header = request.headers["cancel-after"]
    const deadlineMs = typeof header === "string" ? parseCancelAfter(header) : undefined
    const kind = kindOfModel(model ?? "")
    const prompt = textIn(input, "prompt")
    const waitMs = maxWaitMs(request)
    return {
      body,
      task: {
        ...(model !== undefined && { model }),
        ...(kind !== undefined && { kind }),
        ...(prompt !== undefined && { prompt }),
        ...requestedMedia(input["num_outputs"], 10, "png"),
        data: { input, ...(version !== undefined && { version }) }
      },
      deadline:
        deadlineMs === undefined
          ? undefined
          : { afterMs: deadlineMs, queued: "expired", running: "canceled" },
      callback: webhooks.callbackOf(body, (task, now) => predictionAt(context, task, now)),
      accepted: (task) =>
        waitMs === undefined
          ? respond(task, task.addedAt, 201)
          : respondAtEnd(task, waitMs, (each, now) => respond(each, now, 201))
    }
  }

  const submit = (path: RegExp): SubmitRoute => ({
    purpose: "submit",
    method: "POST",
    path,
    maxBodySize: 16 * 1_048_576,
    parse
  })

  const cancel = ({ params }: VendorRequest, { task: find, endTask }: EndpointContext): WireResponse => {
    const task = find(params["id"] ?? "")
    if (task === undefined) return errors.error(404)
    // Documented: canceled by the user. One that has ended stays as it is.
    endTask(task, "canceled")
    return respond(task, Date.now())
  }

  return [
    submit(/^\/v1\/predictions$/),
    submit(/^\/v1\/(?:models|deployments)\/(?<owner>[^/]+)\/(?<name>[^/]+)\/predictions$/),
    {
      purpose: "query",
      method: "GET",
      path: /^\/v1\/predictions\/(?<id>[^/]+)$/,
      respond: (task, now) => respond(task, now)
    },
    { purpose: "cancel", method: "POST", path: /^\/v1\/predictions\/(?<id>[^/]+)\/cancel$/, respond: cancel },
    {
      purpose: "account",
      method: "GET",
      path: /^\/v1\/predictions$/,
      respond: (request) => list(context, request)
    },
    {
      purpose: "account",
      method: "GET",
      path: /^\/v1\/account$/,
      respond: () =>
        jsonResponse(200, { type: "user", username: "emulator", name: "Emulator", github_url: null })
    }
  ]
}
