import { classifyFailure, codeTable, readErrorDetail } from "@gentask/core/provider"
import type { ErrorReason } from "@gentask/core/provider"

/** What all paths start with. */
export const prefix = "/api/open-api/v1"

// From the vendor's list of errors, which it returns in HTTP 200.
const codes = codeTable([
  { codes: [20_001], error: "Unauthorized" },
  { codes: [20_002], error: "InvalidRequest" },
  { codes: [-1], error: "Unavailable" }
])

/** Returns the code as text. An absent code is that of success. */
export const codeOf = (body: { readonly code?: string | number | null | undefined }): string =>
  String(body.code ?? "20000").trim()

/** Checks whether a message is about an empty account. The vendor documents no code for it. */
export const isAboutCredit = (message: string | undefined): boolean =>
  classifyFailure(message)?.reason === "quota"

/** Returns the reason of a documented code, which means the same with any HTTP status. */
export const errorOf = (body: {
  readonly code?: string | number | null | undefined
}): ErrorReason | undefined => {
  const code = codeOf(body)
  const tag = codes(code)?.error
  if (tag === undefined) return undefined
  const detail = { ...readErrorDetail(body), code }
  const isEmptyAccount = tag === "InvalidRequest" && isAboutCredit(detail.message)
  return { _tag: isEmptyAccount ? "InsufficientCredits" : tag, ...detail }
}
