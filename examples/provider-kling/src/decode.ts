import { codeTable, errorFromCode, queryError, snapshot } from "@gentask/core/provider"
import type { ErrorDetail, OutputDraft, QueryOutcome, StatusWords } from "@gentask/core/provider"
import type { KlingResponse } from "./wire.ts"

export const statuses: StatusWords = {
  queued: ["submitted"],
  running: ["processing"],
  succeeded: ["succeed"],
  failed: ["failed"]
}

// From https://app.klingai.com/global/dev/document-api/apiReference/commonInfo. Their HTTP statuses are less
// specific, or have another meaning: missing credit is 429, and an invalid method is 404.
const codes = codeTable([
  { codes: [1000, 1001, 1002, 1003, 1004], error: "Unauthorized" },
  { codes: [1101, 1102], error: "InsufficientCredits" },
  { codes: [1100, 1103, 1304], error: "Forbidden" },
  { codes: [1200, 1201, 1202, 1300, 1301], error: "InvalidRequest" },
  { codes: [1203], error: "TaskNotFound" },
  { codes: [1302, 1303], error: "RateLimited" },
  { codes: [5000, 5001, 5002], error: "Unavailable" }
])

const readErrorDetail = ({ code, message, request_id: requestId }: KlingResponse): ErrorDetail => {
  // A new token can be expired or not yet valid only if the clock is wrong.
  const isClockError = ["1003", "1004"].includes(String(code))
  const explained = isClockError ? `Check this machine's clock, which dates the token: ${message}` : message
  return { code: String(code ?? ""), message: explained, requestId }
}

/** Decodes a documented code, whatever its HTTP status. */
export const decodeError = (body: KlingResponse): QueryOutcome | undefined => {
  const tag = codes(body.code)?.error
  return tag && queryError({ _tag: tag, ...readErrorDetail(body) })
}

const readOutputs = ({
  task_result: result
}: NonNullable<KlingResponse["data"]>): ReadonlyArray<OutputDraft> =>
  (["image", "video"] as const).flatMap((kind) =>
    (result?.[`${kind}s`] ?? []).flatMap((file): ReadonlyArray<OutputDraft> => [
      { kind, url: file?.url },
      { kind, role: "watermarked", url: file?.watermark_url }
    ])
  )

/** Decodes a task: first by the code, and then by its status. */
export const decode = (body: KlingResponse): QueryOutcome => {
  const error = decodeError(body)
  if (error !== undefined) return error
  const { data, request_id: requestId } = body
  if (String(body.code) !== "0") return queryError(errorFromCode(body.code ?? "", readErrorDetail(body)))
  if (!data?.task_status)
    return queryError({ _tag: "UnexpectedResponse", path: "data.task_status", requestId })
  return snapshot({
    rawStatus: data.task_status,
    createdAt: data.created_at,
    updatedAt: data.updated_at,
    outputs: readOutputs(data),
    // The outer message is SUCCEED for a failed task too.
    failure: { message: data.task_status_msg, requestId }
  })
}
