import type { ErrorReasonTag } from "./ErrorReason.ts"
import type { FailureDraft } from "./SnapshotDraft.ts"

/** What a vendor's code means: that the task failed (`failure`), or that the query failed (`error`). */
export type CodeMeaning =
  | {
      /** The task failed for this reason. */
      readonly failure: Pick<FailureDraft, "reason" | "canResubmit">
      readonly error?: undefined
    }
  | {
      /** The query failed, and the code says nothing about the task. */
      readonly error: Exclude<ErrorReasonTag, "UnexpectedResponse">
      readonly failure?: undefined
    }

/** Codes with the same meaning. A number and the same number as text are the same code. */
export type CodeGroup = CodeMeaning & {
  /** The vendor's codes. */
  readonly codes: ReadonlyArray<string | number>
}

/** Looks up a code. Returns undefined for codes that the table does not have. */
export type CodeTable = (code: string | number | null | undefined) => CodeMeaning | undefined

/**
 * Creates a lookup from a vendor's codes to their meaning.
 *
 * ```ts
 * const codes = codeTable([
 *   { codes: [1026, 1027], failure: { reason: "moderation", canResubmit: false } },
 *   { codes: [1004], error: "Unauthorized" }
 * ])
 * codes("1004") // { error: "Unauthorized" }
 * codes(9999) // undefined
 * ```
 *
 * @param groups The codes that the vendor documents, by meaning.
 */
export const codeTable = (groups: ReadonlyArray<CodeGroup>): CodeTable => {
  const table = new Map<string, CodeMeaning>()
  for (const { codes, ...meaning } of groups) {
    for (const code of codes) table.set(String(code), meaning)
  }
  return (code) => (code == null ? undefined : table.get(String(code)))
}
