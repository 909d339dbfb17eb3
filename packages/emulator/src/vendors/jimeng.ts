/**
 * Jimeng's "official format": `POST /jm?Action=CVSync2AsyncGetResult&Version=2022-08-31` on some relays, other paths on
 * others, and the origin's own statuses as the dialect `volcengine`.
 *
 * Documented: the three responses of the relays (the pages "Jimeng Official Format Query Task" of octopusx.ai and
 * deepwl.net), and the statuses, nulls, codes and HTTP statuses of the origin (Volcengine, Jimeng image 4.0 and video
 * 3.0 Pro). Documented for the origin only, and used for the relays as well: `not_found`, `expired`, `video_url` and
 * 429. Invented: canceled tasks have the status `failed`, and the bodies of 400 and 401.
 */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { ResultLinks } from "../ResultLinks.ts"
import type { TaskPhase } from "../TaskScript.ts"
import { stateAt } from "../TaskState.ts"
import { listedResults } from "../TaskView.ts"
import type { WireResponse } from "../WireResponse.ts"
import { statusTextOf } from "../WireResponse.ts"
import {
  envelope,
  errorEnvelope as errorResponse,
  jimengPaths,
  originHttpStatus,
  originMessages
} from "./jimengCodes.ts"
import { parseJimengQuery } from "./jimengQuery.ts"
import type { ParsedQuery, VendorFormat } from "./VendorFormat.ts"
import { failureMessage } from "./VendorFormat.ts"
import { authenticateGatewaySignature } from "./volcengineGateway.ts"

const relayStatuses: Record<TaskPhase, string> = {
  queued: "generating",
  running: "generating",
  succeeded: "success",
  failed: "failed",
  canceled: "failed",
  expired: "expired"
}

const originStatuses: Record<TaskPhase, string> = {
  ...relayStatuses,
  queued: "in_queue",
  succeeded: "done",
  failed: "done"
}

/** Jimeng's wire format. `accessKey` is the `ACCESS_KEY_ID|SECRET_ACCESS_KEY` that signs requests to the origin. */
export const jimengFormat = (results: ResultLinks, accessKey: string): VendorFormat => {
  const videoData = (task: EmulatedTask, now: number) => {
    const type = task.media[0]
    return type === undefined ? {} : { video_url: results.link(task, `result.${type}`, now) }
  }

  /** The fields that a successful response has in addition. */
  const outputFields = (task: EmulatedTask, now: number, query: ParsedQuery) => {
    if (task.kind === "video") return videoData(task, now)
    // Documented: without return_url the response contains the images only as base64.
    const listed = listedResults(task)
    return query.returnUrl === true && !task.inline
      ? {
          image_urls: listed.map(({ type, index }) => results.link(task, `image-${index + 1}.${type}`, now))
        }
      : { binary_data_base64: listed.map(({ type }) => results.base64(task, type)) }
  }

  const relayResponse = (task: EmulatedTask, now: number, query: ParsedQuery): WireResponse => {
    const { phase } = stateAt(task, now)
    const status = task.statuses[phase] ?? relayStatuses[phase]
    const data = { binary_data_base64: [], image_urls: null }
    if (phase === "failed" || phase === "canceled") {
      const message = failureMessage(task, phase, "Task failed")
      return envelope(200, {
        code: Number(task.failure.code ?? 10_001),
        data: { ...data, status },
        message,
        elapsed: "1.2s"
      })
    }
    const outputs = phase === "succeeded" ? outputFields(task, now, query) : {}
    const elapsed = phase === "succeeded" ? "2.5s" : "35.381µs"
    return envelope(200, { code: 10_000, data: { ...data, ...outputs, status }, message: "Success", elapsed })
  }

  const originResponse = (task: EmulatedTask, now: number, query: ParsedQuery): WireResponse => {
    const { phase } = stateAt(task, now)
    if (phase === "failed" || phase === "canceled") {
      const code = Number(task.failure.code ?? 50_413)
      const message = failureMessage(task, phase, originMessages[code] ?? "Task failed")
      return envelope(originHttpStatus(code), { code, data: null, message, elapsed: "36.799829ms" })
    }
    const outputs = phase === "succeeded" ? outputFields(task, now, query) : {}
    const status = task.statuses[phase] ?? originStatuses[phase]
    const data = { binary_data_base64: null, image_urls: null, ...outputs, status }
    return envelope(200, { code: 10_000, data, message: "Success", elapsed: "508.312154ms" })
  }

  return {
    vendor: "jimeng",
    matches: (method, path) => method === "POST" && jimengPaths.has(path),
    authenticateSignature: authenticateGatewaySignature(accessKey),
    parse: parseJimengQuery,
    matchesTask: (task, query) => task.reqKey === query.reqKey,
    respond: (task, now, query) =>
      task.dialect === "volcengine" ? originResponse(task, now, query) : relayResponse(task, now, query),
    unauthorized: () => errorResponse(401, 401, "Invalid API key"),
    unknownTask: () =>
      envelope(200, {
        code: 10_000,
        data: { binary_data_base64: [], image_urls: null, status: "not_found" },
        message: "Success",
        elapsed: "35.381µs"
      }),
    malformed: (problem) => errorResponse(400, 400, problem),
    httpError: (status) => {
      const code = status === 429 ? 50_429 : status === 500 ? 50_500 : status
      return errorResponse(status, code, originMessages[code] ?? statusTextOf(status))
    },
    businessError: (errorCode = 50_500) => {
      const code = Number(errorCode)
      return errorResponse(200, code, originMessages[code] ?? "Internal Error")
    },
    rateLimited: () => errorResponse(429, 50_429, originMessages[50_429] ?? "")
  }
}
