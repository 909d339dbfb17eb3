import { queryError, snapshot, statusTable } from "@gentask/core/provider"
import type { QueryOutcome, StatusWords } from "@gentask/core/provider"
import type { LumaGeneration } from "./wire.ts"

export const statuses: StatusWords = {
  queued: ["queued"],
  running: ["dreaming"],
  succeeded: ["completed"],
  failed: ["failed"]
}
const statusOf = statusTable(statuses)

/** The vendor has no codes. These are the texts of https://docs.lumalabs.ai/docs/errors. */
const toFailure = (message: string | null | undefined) => {
  if (/moderation|blacklisted/i.test(message ?? ""))
    return { reason: "moderation" as const, canResubmit: false, message }
  if (/user input frames/i.test(message ?? "")) return { reason: "invalid-input" as const, message }
  return { message }
}

/** Decodes a generation. */
export const decode = ({
  assets,
  created_at: createdAt,
  failure_reason: reason,
  model,
  state
}: LumaGeneration): QueryOutcome =>
  state
    ? snapshot({
        rawStatus: state,
        model,
        createdAt,
        outputs: [
          { kind: "video", url: assets?.video },
          { kind: "image", url: assets?.image }
        ],
        failure: statusOf(state) === "failed" ? toFailure(reason) : undefined
      })
    : queryError({ _tag: "UnexpectedResponse", path: "state" })
