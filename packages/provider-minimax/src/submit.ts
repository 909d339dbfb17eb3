/** How tasks are created. See https://platform.minimax.io/docs/api-reference/video-generation-v2-create */
import {
  accepted,
  embedFiles,
  firstStringAt,
  rejected,
  retryable,
  unknownOutcome
} from "@gentask/core/provider"
import type { ResponseHead, SubmitOperation, SubmitOutcome, SubmitRequest } from "@gentask/core/provider"
import { isSecondApi, secondApi } from "./api.ts"
import { readError, reasonOf } from "./errorReason.ts"
import type { ErrorStatus } from "./errorReason.ts"
import { models } from "./models/table.ts"
import { supportedInputs, toInput } from "./toInput.ts"
import { loose } from "./wire.ts"
import type { MinimaxEnvelope } from "./wire.ts"

/** The limits of which the vendor says to retry later: too many requests, and too sudden an increase. */
const temporary: ReadonlySet<string | undefined> = new Set(["1002", "2045"])

const toOutcome = (error: ErrorStatus, { status }: ResponseHead): SubmitOutcome => {
  // The input is sensitive.
  if (error.code === "1026" && status < 500) return rejected({ _tag: "InvalidRequest", ...error })
  const reason = reasonOf(error, status)
  const { _tag: tag } = reason
  if (status >= 500 || tag === "Unavailable" || tag === "UnexpectedResponse") return unknownOutcome(reason)
  if (tag === "RateLimited" && temporary.has(error.code)) return retryable(reason)
  return rejected(reason)
}

const decodeError = (body: MinimaxEnvelope, head: ResponseHead): SubmitOutcome | undefined => {
  const error = readError(body)
  return error && toOutcome(error, head)
}

const decode = (body: MinimaxEnvelope, head: ResponseHead, { model }: SubmitRequest): SubmitOutcome => {
  const id = firstStringAt(body, "task_id")
  if (id !== undefined) return accepted(isSecondApi(model) ? { id, params: secondApi } : { id })
  return (
    decodeError(body, head) ??
    unknownOutcome({ _tag: "UnexpectedResponse", path: "task_id", message: "The response has no task id" })
  )
}

export const submit: SubmitOperation<unknown, MinimaxEnvelope> = {
  models,
  supportedInputs,
  toInput,
  request: ({ model, input, webhook }) => {
    const callback = webhook === undefined ? {} : { callback_url: webhook.url }
    if (isSecondApi(model))
      return { method: "POST", path: "/v2/video_generation", body: { model, ...callback, ...input } }
    // The first API has no upload.
    const body = { model, ...callback, ...embedFiles(input, "data-url") }
    return { method: "POST", path: "/v1/video_generation", body }
  },
  response: loose,
  decode,
  decodeError,
  // See https://platform.minimax.io/docs/guides/rate-limits. That of Hailuo, which is the lower one: H3 has 300.
  rateLimits: () => [{ requests: 20, windowMs: 60_000 }],
  // That of H3.
  maxActiveTasks: () => 30
}
