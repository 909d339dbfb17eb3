import {
  amountAt,
  errorFromCode,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot
} from "@gentask/core/provider"
import type { OutputDraft, QueryOutcome, SnapshotDraft, StatusWords } from "@gentask/core/provider"
import type { Job } from "./wire.ts"

export const statuses: StatusWords = {
  queued: ["pending"],
  running: ["in_progress"],
  succeeded: ["completed"],
  failed: ["failed"],
  canceled: ["cancelled"],
  expired: ["expired"]
}

/** Both lists have the same videos: `urls` are signed, and `unsigned_urls` need the API key if they are those of the API. */
const readOutputs = ({ urls, unsigned_urls }: Job): ReadonlyArray<OutputDraft> => {
  const unsigned = readMedia(unsigned_urls, { kind: "video" })
  if (unsigned.length === 0) return readMedia(urls, { kind: "video" })
  return unsigned.map((output) => ({ ...output, isPrivate: true }))
}

/** What a response says about its job. */
export const draftOf = (body: Job): SnapshotDraft => ({
  rawStatus: body.status,
  model: body.model,
  outputs: readOutputs(body),
  cost: amountAt(body, "usage.cost", "USD"),
  failure: readErrorDetail({ error: body.error })
})

export const decode = (body: Job): QueryOutcome => {
  if (body.status) return snapshot(draftOf(body))
  const { code, message } = readErrorDetail({ error: body.error })
  if (code !== undefined) return queryError(errorFromCode(code, { message }))
  return queryError({ _tag: "UnexpectedResponse", path: "status", message })
}
