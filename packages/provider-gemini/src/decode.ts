import {
  classifyFailure,
  codeTable,
  errorFromCode,
  firstStringAt,
  numberAt,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  valueAt
} from "@gentask/core/provider"
import type {
  FailureDraft,
  JsonObject,
  OutputDraft,
  QueryOutcome,
  SnapshotDraft
} from "@gentask/core/provider"

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

const listOf = (value: unknown): ReadonlyArray<unknown> => [value ?? []].flat()

/** Videos inside the response, with their media type. */
const readInline = (response: unknown): ReadonlyArray<OutputDraft> =>
  listOf(valueAt(response, "generateVideoResponse.generatedSamples")).flatMap((sample) => {
    const base64 = firstStringAt(sample, "video.encodedVideo")
    if (base64 === undefined || firstStringAt(sample, "video.uri") !== undefined) return []
    return [{ kind: "video" as const, base64, mediaType: firstStringAt(sample, "video.encoding") }]
  })

/** The links need the API key. Core sends it to the API's own origin only. */
const readOutputs = (response: unknown): ReadonlyArray<OutputDraft> => {
  const media = readMedia(response, { kind: "video" })
  const links = media.filter(({ url }) => url != null).map((link) => ({ ...link, isPrivate: true }))
  const outputs = [...links, ...readInline(response)]
  return outputs.length > 0 ? outputs : media
}

/** Vertex AI, and relays of it, have the members without `generateVideoResponse`. */
const readFiltered = (response: unknown): string | undefined => {
  const result = valueAt(response, "generateVideoResponse") ?? response
  const count = numberAt(result, "raiMediaFilteredCount")
  const reasons = listOf(valueAt(result, "raiMediaFilteredReasons")).filter(
    (each) => typeof each === "string"
  )
  if (!count && reasons.length === 0) return undefined
  return reasons.join("; ") || `The safety filter removed ${count ?? "all"} videos.`
}

/** Decodes the end of an operation. */
const readEnd = ({ error, response }: JsonObject): SnapshotDraft => {
  const outputs = readOutputs(response)
  const failure = readFailure(error)
  // An empty error, or one with the code 0 (`OK`), does not count as an error.
  if (error != null && (outputs.length === 0 || (failure.code ?? failure.message) !== undefined))
    return { status: failure.code === canceled ? "canceled" : "failed", failure }
  const filtered = readFiltered(response)
  if (outputs.length === 0 && filtered !== undefined)
    return { status: "failed", failure: { reason: "moderation", message: filtered } }
  const warnings = filtered === undefined ? [] : [`The safety filter removed a video: ${filtered}`]
  return { status: "succeeded", outputs, warnings }
}

const modelOf = (name: string | undefined): string | undefined =>
  /(?:^|\/)models\/([^/]+)\//.exec(name ?? "")?.[1]

/** Relays write `done` as text or as a number, too. */
const isTrue = (done: unknown): boolean => /^(?:true|1)$/i.test(String(done))

/** Decodes an operation. Apart from `done`, it has no status. */
export const decode = (body: JsonObject): QueryOutcome => {
  const { done, error } = body
  const name = firstStringAt(body, "name")
  const model = modelOf(name)
  if (isTrue(done)) return snapshot({ ...readEnd(body), model })
  if (done != null || (name && error == null)) return snapshot({ status: "running", model })
  const { code, message } = readErrorDetail({ error })
  if (code !== undefined) return queryError(errorFromCode(code, { message }))
  return queryError({ _tag: "UnexpectedResponse", path: "name", message })
}
