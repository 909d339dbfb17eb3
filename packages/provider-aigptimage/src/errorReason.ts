import { classifyFailure, codeTable, errorFromHttpCode, readErrorDetail } from "@gentask/core/provider"
import type { ErrorReason } from "@gentask/core/provider"
import type { AigptimageEnvelope } from "./wire.ts"

// What kie.ai's codes mean beyond the HTTP status of the same number.
const errors = codeTable([
  // The spending cap of the API key is reached.
  { codes: [433], error: "InsufficientCredits" },
  // The feature is disabled.
  { codes: [505], error: "Forbidden" }
])

/** Returns the code as text. An absent code is that of success. */
export const codeOf = (body: { readonly code?: string | number | null | undefined }): string =>
  String(body.code ?? "200").trim()

/**
 * Returns the reason of a code, which means the same in HTTP 200 and with its own HTTP status.
 *
 * @returns Undefined for codes that are neither documented nor HTTP errors.
 */
export const reasonOf = (body: AigptimageEnvelope): ErrorReason | undefined => {
  const code = codeOf(body)
  const detail = { ...readErrorDetail(body), code }
  const tag = errors(code)?.error
  if (tag !== undefined) return { _tag: tag, ...detail }
  const retryAfter = typeof body.data === "object" ? body.data?.["retryAfter"] : undefined
  const seconds = Number(retryAfter ?? Number.NaN)
  const retryAfterMs = seconds >= 0 ? seconds * 1000 : undefined
  const reason = errorFromHttpCode(code, { ...detail, retryAfterMs })
  const isGeneral = reason?._tag === "InvalidRequest" || reason?._tag === "Forbidden"
  return isGeneral && classifyFailure(detail.message)?.reason === "quota"
    ? { _tag: "InsufficientCredits", ...detail }
    : reason
}
