/**
 * Jimeng's "official format": `POST /jm?Action=CVSync2AsyncGetResult&Version=2022-08-31` at relays, other paths
 * at others, and the origin's own words as the dialect `volcengine`.
 *
 * Documented: the three answers of the relays (the pages "Jimeng Official Format Query Task" of octopusx.ai and
 * deepwl.net); the words, nulls, codes and HTTP statuses of the origin (Volcengine, Jimeng image 4.0 and video 3.0 Pro).
 * Taken from the origin for the relays, which say nothing: `not_found`, `expired`, `video_url` and 429. Invented:
 * canceled tasks read as failed, and the bodies of 400 and 401.
 */
import { randomUUID } from "node:crypto"
import type { Results } from "../Results.ts"
import type { EmulatedTask, Phase } from "../TaskScript.ts"
import { momentOf } from "../Timeline.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import { jsonAnswer, phraseOf } from "../WireAnswer.ts"
import { readJimengQuery } from "./jimengQuery.ts"
import type { Question, VendorFormat } from "./VendorFormat.ts"
import { failureMessage } from "./VendorFormat.ts"
import { identifySigner } from "./volcengineGateway.ts"

// octopusx and deepwl; new-api (with and without its slash); rivus; yutoai; Volcengine itself.
const paths: ReadonlySet<string> = new Set([
  "/jm",
  "/jimeng/",
  "/jimeng",
  "/volcark/visual",
  "/volcv/v1",
  "/"
])

const relayWords: Record<Phase, string> = {
  queued: "generating",
  running: "generating",
  succeeded: "success",
  failed: "failed",
  canceled: "failed",
  expired: "expired"
}

const originWords: Record<Phase, string> = {
  ...relayWords,
  queued: "in_queue",
  succeeded: "done",
  failed: "done"
}

/** The origin's messages by code; a code that is not among them needs a message in the script. */
const originMessages: Readonly<Record<number, string>> = {
  50411: "Pre Img Risk Not Pass",
  50412: "Text Risk Not Pass",
  50413: "Post Text Risk Not Pass",
  50429: "Request Has Reached API Limit, Please Try Later",
  50430: "Request Has Reached API Concurrent Limit, Please Try Later",
  50500: "Internal Error",
  50501: "Internal RPC Error",
  50511: "Post Img Risk Not Pass",
  50512: "Post Text Risk Not Pass",
  50516: "Post Video Risk Not Pass",
  50517: "Post Audio Risk Not Pass",
  50518: "Pre Img Risk Not Pass: Copyright",
  50519: "Post Img Risk Not Pass: Copyright",
  50520: "Risk Internal Error",
  50521: "Antidirt Internal Error",
  50522: "Image Copyright Internal Error"
}

const originStatus = (code: number): number => {
  if (code === 50_429 || code === 50_430) return 429
  return code === 50_500 || code === 50_501 ? 500 : 400
}

interface Envelope {
  readonly code: number
  readonly data: object | null
  readonly message: string
  readonly elapsed: string
}

const send = (httpStatus: number, { code, data, message, elapsed }: Envelope): WireAnswer =>
  jsonAnswer(httpStatus, {
    code,
    data,
    message,
    request_id: randomUUID(),
    status: code,
    time_elapsed: elapsed
  })

const refuse = (httpStatus: number, code: number, message: string): WireAnswer =>
  send(httpStatus, { code, data: null, message, elapsed: "35.381µs" })

/** Jimeng's wire format. `accessKey` is an `ACCESS_KEY_ID|SECRET_ACCESS_KEY` that its origin's requests are signed with. */
export const jimeng = (results: Results, accessKey: string): VendorFormat => {
  const videoData = (task: EmulatedTask, now: number) => {
    const type = task.media[0]
    return type === undefined ? {} : { video_url: results.link(task, `result.${type}`, now) }
  }

  /** What a success holds, over a data object without results. */
  const outputsOf = (task: EmulatedTask, now: number, question: Question) => {
    if (task.kind === "video") return videoData(task, now)
    // Documented: without return_url the images come only as base64.
    return question.returnUrl === true && !task.inline
      ? { image_urls: task.media.map((type, index) => results.link(task, `image-${index + 1}.${type}`, now)) }
      : { binary_data_base64: task.media.map((type) => results.base64(task, type)) }
  }

  const relayAnswer = (task: EmulatedTask, now: number, question: Question): WireAnswer => {
    const { phase } = momentOf(task, now)
    const status = task.words[phase] ?? relayWords[phase]
    const data = { binary_data_base64: [], image_urls: null }
    if (phase === "failed" || phase === "canceled") {
      const message = failureMessage(task, phase, "Task failed")
      return send(200, {
        code: Number(task.failure.code ?? 10_001),
        data: { ...data, status },
        message,
        elapsed: "1.2s"
      })
    }
    const outputs = phase === "succeeded" ? outputsOf(task, now, question) : {}
    const elapsed = phase === "succeeded" ? "2.5s" : "35.381µs"
    return send(200, { code: 10_000, data: { ...data, ...outputs, status }, message: "Success", elapsed })
  }

  const originAnswer = (task: EmulatedTask, now: number, question: Question): WireAnswer => {
    const { phase } = momentOf(task, now)
    if (phase === "failed" || phase === "canceled") {
      const code = Number(task.failure.code ?? 50_413)
      const message = failureMessage(task, phase, originMessages[code] ?? "Task failed")
      return send(originStatus(code), { code, data: null, message, elapsed: "36.799829ms" })
    }
    const outputs = phase === "succeeded" ? outputsOf(task, now, question) : {}
    const status = task.words[phase] ?? originWords[phase]
    const data = { binary_data_base64: null, image_urls: null, ...outputs, status }
    return send(200, { code: 10_000, data, message: "Success", elapsed: "508.312154ms" })
  }

  return {
    vendor: "jimeng",
    matches: (method, path) => method === "POST" && paths.has(path),
    signer: identifySigner(accessKey),
    read: readJimengQuery,
    concerns: (task, question) => task.reqKey === question.reqKey,
    answer: (task, now, question) =>
      task.dialect === "volcengine" ? originAnswer(task, now, question) : relayAnswer(task, now, question),
    unauthorized: () => refuse(401, 401, "Invalid API key"),
    unknownTask: () =>
      send(200, {
        code: 10_000,
        data: { binary_data_base64: [], image_urls: null, status: "not_found" },
        message: "Success",
        elapsed: "35.381µs"
      }),
    malformed: (problem) => refuse(400, 400, problem),
    failure: (status) => {
      const code = status === 429 ? 50_429 : status === 500 ? 50_500 : status
      return refuse(status, code, originMessages[code] ?? phraseOf(status))
    },
    businessError: (given = 50_500) => {
      const code = Number(given)
      return refuse(200, code, originMessages[code] ?? "Internal Error")
    },
    rateLimited: () => refuse(429, 50_429, originMessages[50_429] ?? "")
  }
}
