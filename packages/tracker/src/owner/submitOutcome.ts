import {
  ClientClosed,
  ConfigurationError,
  isGentaskError,
  LedgerFailed,
  SubmitOutcomeUnknown,
  SubmitRejected,
  UploadFailed
} from "@gentask/core"
import { encodeError } from "@gentask/core/schema"
import type { SubmitRecord } from "../store/TrackerStore.ts"

/** The outcome of a submit as the store records it. */
export type RecordedOutcome = Pick<SubmitRecord, "state" | "refs" | "error">

const stateOf = (error: unknown): SubmitRecord["state"] | undefined => {
  if (error instanceof SubmitOutcomeUnknown) return "unknown"
  if (error instanceof SubmitRejected || error instanceof UploadFailed) return "rejected"
  // Nothing was sent, and the next attempt or the next owner continues.
  if (error instanceof LedgerFailed || error instanceof ClientClosed) return undefined
  if (typeof error === "object" && error !== null && "_tag" in error && error._tag === "SubmitAborted")
    return undefined
  return "invalid"
}

/** Returns how to record the error of a submit. Undefined if the submit must be tried again. */
export const submitOutcome = (error: unknown): RecordedOutcome | undefined => {
  const state = stateOf(error)
  if (state === undefined) return undefined
  return { state, refs: [], error: errorToJson(error) }
}

const errorToJson = (error: unknown): unknown =>
  encodeError(
    isGentaskError(error)
      ? error
      : new ConfigurationError({
          reason: { _tag: "InvalidOption", option: "request" },
          message: `Invalid submit: ${error instanceof Error ? error.message : String(error)}`
        })
  )
