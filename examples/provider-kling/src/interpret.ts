/** What an answer of Kling AI means. */
import { codeTable, queryError, errorFromCode, snapshot } from "@gentask/core/provider"
import type { ErrorDetail, QueryOutcome, OutputDraft, StatusWords } from "@gentask/core/provider"
import type { KlingResponse } from "./wire.ts"

export const statuses: StatusWords = {
  queued: ["submitted"],
  running: ["processing"],
  succeeded: ["succeed"],
  failed: ["failed"]
}

// Of https://app.klingai.com/global/dev/document-api/apiReference/commonInfo. They are told with HTTP statuses that say
// less, or other things: no credit is 429, and a wrong method is 404.
const codes = codeTable([
  { codes: [1000, 1001, 1002, 1003, 1004], error: "Unauthorized" },
  { codes: [1101, 1102], error: "InsufficientCredits" },
  { codes: [1100, 1103, 1304], error: "Forbidden" },
  { codes: [1200, 1201, 1202, 1300, 1301], error: "InvalidRequest" },
  { codes: [1203], error: "TaskNotFound" },
  { codes: [1302, 1303], error: "RateLimited" },
  { codes: [5000, 5001, 5002], error: "Unavailable" }
])

const readDetail = ({ code, message, request_id: requestId }: KlingResponse): ErrorDetail => {
  // A token that was made a moment ago is too young, or too old, where the clock is wrong.
  const isDated = ["1003", "1004"].includes(String(code))
  const advice = isDated ? `Check this machine's clock, which dates the token: ${message}` : message
  return { code: String(code ?? ""), message: advice, requestId }
}

/** What a documented code says, whichever HTTP status it comes with. */
export const refuse = (body: KlingResponse): QueryOutcome | undefined => {
  const tag = codes(body.code)?.error
  return tag && queryError({ _tag: tag, ...readDetail(body) })
}

const readOutputs = ({
  task_result: result
}: NonNullable<KlingResponse["data"]>): ReadonlyArray<OutputDraft> =>
  (["image", "video"] as const).flatMap((kind) =>
    (result?.[`${kind}s`] ?? []).flatMap((made): ReadonlyArray<OutputDraft> => [
      { kind, url: made?.url },
      { kind, role: "watermarked", url: made?.watermark_url }
    ])
  )

/** Reads a task: by the code first, and by its status then. */
export const interpret = (body: KlingResponse): QueryOutcome => {
  const refusal = refuse(body)
  if (refusal !== undefined) return refusal
  const { data, request_id: requestId } = body
  if (String(body.code) !== "0") return queryError(errorFromCode(body.code ?? "", readDetail(body)))
  if (!data?.task_status)
    return queryError({ _tag: "UnexpectedResponse", path: "data.task_status", requestId })
  return snapshot({
    rawStatus: data.task_status,
    createdAt: data.created_at,
    updatedAt: data.updated_at,
    outputs: readOutputs(data),
    // The outer message says SUCCEED also of a task that failed.
    failure: { message: data.task_status_msg, requestId }
  })
}
