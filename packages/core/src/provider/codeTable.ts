import type { ErrorReasonTag } from "./ErrorReason.ts"
import type { FailureDraft } from "./SnapshotDraft.ts"

/**
 * What an error means for the submit that it is the response to: that the vendor created no task (`rejected`), that it
 * documents to have created none and that the same request may be sent again (`retry-later`, or `retry-after-task-end` for a
 * limit of tasks), or that it may have created one (`unknown`).
 */
export type SubmitMeaning = "rejected" | "retry-later" | "retry-after-task-end" | "unknown"

/** What a vendor's code means: that the task failed (`failure`), or that the query failed (`error`). */
export type CodeMeaning = {
  /** What the code means for a submit, if its kind does not decide that: see {@link ErrorFormat}. */
  readonly submit?: SubmitMeaning | undefined
} & (
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
)

/** Codes with the same meaning. A number and the same number as text are the same code. */
export type CodeGroup = CodeMeaning & {
  /** The vendor's codes. A pattern stands for all codes that match it, and that no group names. */
  readonly codes: ReadonlyArray<string | number | RegExp>
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
  const patterns: Array<readonly [RegExp, CodeMeaning]> = []
  for (const { codes, ...meaning } of groups) {
    for (const code of codes) {
      if (code instanceof RegExp) patterns.push([code, meaning])
      else table.set(String(code), meaning)
    }
  }
  return (code) => {
    if (code == null) return undefined
    const text = String(code)
    // Unlike `test`, `search` is the same each time for a pattern with the flag `g`.
    return table.get(text) ?? patterns.find(([pattern]) => text.search(pattern) !== -1)?.[1]
  }
}
