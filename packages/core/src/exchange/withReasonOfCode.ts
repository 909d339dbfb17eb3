import type { ErrorFormat } from "../provider/ErrorFormat.ts"
import type { SnapshotDraft } from "../provider/SnapshotDraft.ts"
import { meaningOfCode } from "./readVendorError.ts"

/** Adds the reason that the vendor documents for the code of a failure, if the provider has none. */
export const withReasonOfCode = (draft: SnapshotDraft, errors: ErrorFormat | undefined): SnapshotDraft => {
  const { failure } = draft
  if (errors === undefined || failure?.code == null || failure.reason !== undefined) return draft
  const known = meaningOfCode(errors, failure.code)?.failure
  if (known === undefined) return draft
  const canResubmit = failure.canResubmit ?? known.canResubmit
  return { ...draft, failure: { ...failure, reason: known.reason, canResubmit } }
}
