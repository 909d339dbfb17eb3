import {
  amountAt,
  errorFromCode,
  firstStringAt,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot
} from "@gentask/core/provider"
import type {
  JsonObject,
  OutputDraft,
  QueryOutcome,
  SnapshotDraft,
  StatusWords
} from "@gentask/core/provider"

export const statuses: StatusWords = {
  queued: ["pending"],
  running: ["in_progress"],
  succeeded: ["completed"],
  failed: ["failed"],
  canceled: ["cancelled"],
  expired: ["expired"]
}

/** Both lists have the same videos: `urls` are signed, and `unsigned_urls` need the API key if they are those of the API. */
const readOutputs = ({ urls, unsigned_urls }: JsonObject): ReadonlyArray<OutputDraft> => {
  const unsigned = readMedia(unsigned_urls, { kind: "video" })
  if (unsigned.length === 0) return readMedia(urls, { kind: "video" })
  return unsigned.map((output) => ({ ...output, isPrivate: true }))
}

/** What a response says about its job. */
export const draftOf = (body: JsonObject): SnapshotDraft => ({
  rawStatus: firstStringAt(body, "status"),
  model: firstStringAt(body, "model"),
  outputs: readOutputs(body),
  cost: amountAt(body, "usage.cost", "USD"),
  failure: readErrorDetail({ error: body["error"] })
})

export const decode = (body: JsonObject): QueryOutcome => {
  if (firstStringAt(body, "status") !== undefined) return snapshot(draftOf(body))
  const { code, message } = readErrorDetail({ error: body["error"] })
  if (code !== undefined) return queryError(errorFromCode(code, { message }))
  return queryError({ _tag: "UnexpectedResponse", path: "status", message })
}
