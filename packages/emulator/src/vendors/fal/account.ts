/**
 * fal's files and platform APIs, which have hosts of their own: rest.fal.ai and api.fal.ai.
 *
 * Read in @fal-ai/client 1.10.1: the upload. Documented: the billing
 * (https://fal.ai/docs/platform-apis/v1/account/billing) and the list of requests
 * (https://fal.ai/docs/platform-apis/v1/models/requests/by-endpoint). Invented: that the list has requests which have not
 * ended, that any key is an admin key, and the errors.
 */
import { parseObject } from "../../json.ts"
import { textIn } from "../../submit/bodyFields.ts"
import type { EndpointContext } from "../../submit/VendorEndpoint.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { errors, modelError } from "./errors.ts"

const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString()

const itemOf = (task: EmulatedTask, now: number, withPayloads: boolean) => {
  const { phase, startedAt, endedAt } = stateAt(task, now)
  return {
    request_id: task.id,
    endpoint_id: task.model,
    sent_at: isoTime(task.addedAt),
    started_at: phase === "queued" ? null : isoTime(startedAt),
    ended_at: hasEnded(phase) ? isoTime(endedAt) : null,
    ...(hasEnded(phase) && { status_code: phase === "succeeded" ? 200 : 422 }),
    ...(withPayloads && { json_input: task.submit?.body ?? { prompt: task.prompt } })
  }
}

/** The routes of files and of the account. */
export const accountRoutes = ({ tasks, uploads }: VendorContext): readonly VendorRoute[] => {
  const initiate = (request: VendorRequest, { caller }: EndpointContext): WireResponse => {
    const body = parseObject(request.body) ?? {}
    const name = textIn(body, "file_name")
    const mediaType = textIn(body, "content_type")
    if (name === undefined || mediaType === undefined)
      return modelError("missing", "Field required", [
        "body",
        name === undefined ? "file_name" : "content_type"
      ])
    const { uploadUrl, url } = uploads.createUrl({ service: "fal", apiKey: caller.apiKey, name, mediaType })
    return jsonResponse(200, { upload_url: uploadUrl, file_url: url })
  }

  const list = (request: VendorRequest, { now, caller }: EndpointContext): WireResponse => {
    const query = new URLSearchParams(request.search)
    const endpoint = query.get("endpoint_id")
    if (endpoint === null) return errors.error(400, { message: "endpoint_id is required" })
    const since = Date.parse(query.get("start") ?? isoTime(now - 24 * 3_600_000))
    const found = tasks()
      .filter(({ model, submit }) => model === endpoint && submit?.apiKey === caller.apiKey)
      .filter(({ addedAt }) => addedAt >= since)
      .toReversed()
    const limit = Number(query.get("limit") ?? 50)
    const withPayloads = query.get("expand") === "payloads"
    return jsonResponse(200, {
      items: found.slice(0, limit).map((task) => itemOf(task, now, withPayloads)),
      next_cursor: null,
      has_more: found.length > limit
    })
  }

  return [
    { purpose: "upload", method: "POST", path: /^\/storage\/upload\/initiate$/, respond: initiate },
    {
      purpose: "account",
      method: "GET",
      path: /^\/v1\/account\/billing$/,
      respond: ({ search }, { balance: { granted, used } }) =>
        jsonResponse(200, {
          username: "my-team",
          ...(new URLSearchParams(search).get("expand") === "credits" && {
            credits: { current_balance: granted - used, currency: "USD" }
          })
        })
    },
    { purpose: "account", method: "GET", path: /^\/v1\/models\/requests\/by-endpoint$/, respond: list }
  ]
}
