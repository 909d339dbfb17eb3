/** A vendor's codes for what went wrong, as a table. */
import type { FailureDraft } from "./QueryOutcome.ts"
import type { ErrorReasonTag } from "./ErrorReason.ts"

/** What a code says: that the task failed, and why, or that the question could not be answered. */
export type CodeMeaning =
  | { readonly failure: Pick<FailureDraft, "reason" | "canResubmit">; readonly error?: undefined }
  | { readonly error: Exclude<ErrorReasonTag, "UnexpectedResponse">; readonly failure?: undefined }

/** Codes that say the same. */
export type CodeGroup = CodeMeaning & { readonly codes: ReadonlyArray<string | number> }

/** Looks a code up; a number and the same number as text are one code. Undefined for a code that is not in the table. */
export type CodeTable = (code: string | number | null | undefined) => CodeMeaning | undefined

/** Makes a lookup from a vendor's codes to what they say. */
export const codeTable = (groups: ReadonlyArray<CodeGroup>): CodeTable => {
  const table = new Map<string, CodeMeaning>()
  for (const { codes, ...meaning } of groups) {
    for (const code of codes) table.set(String(code), meaning)
  }
  return (code) => (code == null ? undefined : table.get(String(code)))
}
