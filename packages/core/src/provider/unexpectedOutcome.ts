import type { UnexpectedResponse } from "./ErrorReason.ts"
import { unexpectedResponse } from "./unexpectedResponse.ts"

/**
 * Returns the outcome of an upload, a cancel, a balance or a recover whose response does not have what the vendor documents.
 *
 * ```ts
 * const url = firstStringAt(body, "url")
 * return url === undefined ? unexpectedOutcome(body, "url") : { _tag: "Uploaded", reference: url }
 * ```
 *
 * @param body The response.
 * @param path The dotted path of what is missing.
 * @param message The message, if the response has none. @default "The response has no PATH"
 */
export const unexpectedOutcome = (
  body: unknown,
  path: string,
  message?: string
): { readonly _tag: "Error"; readonly reason: UnexpectedResponse } => ({
  _tag: "Error",
  reason: unexpectedResponse(body, path, message)
})
