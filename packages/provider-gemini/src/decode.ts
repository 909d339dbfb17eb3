import {
  classifyFailure,
  codeTable,
  errorFromCode,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot
} from "@gentask/core/provider"
import type {
  FailureDraft,
  OutputDraft,
  QueryOutcome,
  ResponseHead,
  SnapshotDraft
} from "@gentask/core/provider"
import { errorOf } from "./errors.ts"
import type { Operation } from "./wire.ts"

// Of https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto, for errors whose message says less.
const codes = codeTable([
  { codes: [3], failure: { reason: "invalid-input" } },
  { codes: [4], failure: { reason: "timeout" } },
  { codes: [8, 13, 14], failure: { reason: "upstream" } }
])

/** The code of an operation that was canceled, according to the documentation of operations. */
const canceled = "1"

const readFailure = (error: unknown): FailureDraft => {
  const { code, message } = readErrorDetail({ error })
  return { code, message, reason: classifyFailure(message)?.reason ?? codes(code)?.failure?.reason }
}

/** The links need the API key. Core sends it to the API's own origin only. */
const readOutputs = ({ response }: Operation): ReadonlyArray<OutputDraft> => {
  const links = readMedia(response, { kind: "video" })
  const samples = response?.generateVideoResponse?.generatedSamples ?? []
  const inline = samples.flatMap((sample) => {
    const { uri, encodedVideo, encoding } = sample?.video ?? {}
    return uri || !encodedVideo ? [] : [{ kind: "video" as const, base64: encodedVideo, mediaType: encoding }]
  })
  return [...links.map((link) => ({ ...link, isPrivate: true })), ...inline]
}

const readFiltered = ({ response }: Operation): string | undefined => {
  const { raiMediaFilteredCount: count, raiMediaFilteredReasons: reasons } =
    response?.generateVideoResponse ?? {}
  if (!count && !reasons?.length) return undefined
  return reasons?.join("; ") || `The safety filter removed ${count ?? "all"} videos.`
}

/** Decodes the end of an operation. */
const readEnd = (body: Operation): SnapshotDraft => {
  if (body.error != null) {
    const failure = readFailure(body.error)
    return { status: failure.code === canceled ? "canceled" : "failed", failure }
  }
  const outputs = readOutputs(body)
  const filtered = readFiltered(body)
  if (outputs.length === 0 && filtered !== undefined)
    return { status: "failed", failure: { reason: "moderation", message: filtered } }
  const warnings = filtered === undefined ? [] : [`The safety filter removed a video: ${filtered}`]
  return { status: "succeeded", outputs, warnings }
}

const modelOf = (name: string | null | undefined): string | undefined =>
  /^models\/([^/]+)\//.exec(name ?? "")?.[1]

/** Decodes an operation. Apart from `done`, it has no status. */
export const decode = (body: Operation): QueryOutcome => {
  const { name, done, error } = body
  const model = modelOf(name)
  if (done === true) return snapshot({ ...readEnd(body), model })
  if (done === false || (name && error == null)) return snapshot({ status: "running", model })
  const { code, message } = readErrorDetail({ error })
  if (code !== undefined) return queryError(errorFromCode(code, { message }))
  return queryError({ _tag: "UnexpectedResponse", path: "name", message })
}

export const decodeError = (body: Operation, { status }: ResponseHead): QueryOutcome | undefined => {
  const reason = errorOf(body, status)
  return reason && queryError(reason)
}
