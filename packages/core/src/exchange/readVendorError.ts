import { codeTable } from "../provider/codeTable.ts"
import type { CodeMeaning, CodeTable, SubmitMeaning } from "../provider/codeTable.ts"
import { errorFromCode } from "../provider/errorFromCode.ts"
import { errorFromStatus } from "../provider/errorFromStatus.ts"
import type { StatusErrorDetail } from "../provider/errorFromStatus.ts"
import type { ErrorFormat, ErrorOperation, VendorError } from "../provider/ErrorFormat.ts"
import { firstStringAt } from "../provider/firstStringAt.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { isJsonObject } from "../provider/jsonObject.ts"
import type { JsonObject } from "../provider/jsonObject.ts"
import { readErrorDetail } from "../provider/readErrorDetail.ts"
import type { ResponseHead } from "../provider/ResponseHead.ts"

/** What the error of a response means. */
export interface ReadError {
  /** The reason. That of the HTTP status, or of the code alone, if the vendor documents no other. */
  readonly reason: ErrorReason
  /** Why the task has failed, if that is what the code means. */
  readonly failure: CodeMeaning["failure"]
  /** Whether the vendor documents the error. */
  readonly isDocumented: boolean
  /** What the error means for a submit, if the vendor documents more than the reason. */
  readonly submit: SubmitMeaning | undefined
}

const tables = new WeakMap<ErrorFormat, CodeTable>()

/** Looks up a code in those of a provider. */
export const meaningOfCode = (
  errors: ErrorFormat,
  code: string | number | null | undefined
): CodeMeaning | undefined => {
  if (code == null || errors.codes === undefined) return undefined
  let table = tables.get(errors)
  if (table === undefined) {
    table = codeTable(errors.codes)
    tables.set(errors, table)
  }
  return table(code)
}

/** The reason of an error that the vendor does not document. */
const undocumented = (status: number, detail: StatusErrorDetail): ErrorReason => {
  const { retryAfterMs: _, code, ...rest } = detail
  return (
    errorFromStatus(status, detail) ??
    (code == null ? { _tag: "UnexpectedResponse", path: "code", ...rest } : errorFromCode(code, rest))
  )
}

const documented = (
  tag: NonNullable<CodeMeaning["error"]>,
  { retryAfterMs, ...detail }: StatusErrorDetail
): ErrorReason =>
  tag === "RateLimited" || tag === "Unavailable"
    ? { _tag: tag, ...detail, retryAfterMs }
    : { _tag: tag, ...detail }

const readHttpError = (body: JsonObject, { status }: ResponseHead): VendorError | undefined =>
  status < 400 ? undefined : { ...readErrorDetail(body), requestId: firstStringAt(body, "request_id") }

/**
 * Reads the error of a response as the provider describes it. A redirect is never the vendor's error.
 *
 * @param errors The provider's errors.
 * @param body The response. Only a JSON object can be an error.
 * @param head Its head.
 * @param operation What it is the response to.
 * @returns Undefined if the response is not an error, or if only its HTTP status counts.
 * @throws {Error} If the provider throws.
 */
export const readVendorError = (
  errors: ErrorFormat | undefined,
  body: unknown,
  head: ResponseHead,
  operation: ErrorOperation
): ReadError | undefined => {
  const { status } = head
  const isRedirect = status >= 300 && status < 400
  if (errors === undefined || isRedirect || !isJsonObject(body)) return undefined
  const read = (errors.read ?? readHttpError)(body, head, operation)
  if (read === undefined) return undefined
  const { submit, ...error } = read
  const meaning = meaningOfCode(errors, error.code)
  const known = { submit: submit ?? meaning?.submit, failure: undefined, isDocumented: true }
  if (error._tag !== undefined) return { ...known, reason: error }
  if (meaning?.error !== undefined) return { ...known, reason: documented(meaning.error, error) }
  return {
    ...known,
    reason: undocumented(status, error),
    failure: meaning?.failure,
    isDocumented: (submit ?? meaning) !== undefined
  }
}
