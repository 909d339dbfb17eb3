import { firstStringAt, valueAt } from "@gentask/core/provider"
import type { ErrorDetail } from "@gentask/core/provider"
import type { JimengResponse } from "./wire.ts"

const explain = (code: string, message: string | undefined): string | undefined => {
  if (code === "InvalidTimestamp") {
    return `Check this machine's clock, which dates the signature: ${message}`
  }
  // The gateway repeats the id, which may be a secret that was entered in the wrong place.
  return code === "InvalidAccessKey" ? "Volcengine does not know the access key id" : message
}

const toText = (code: unknown): string =>
  typeof code === "string" || typeof code === "number" ? String(code) : ""

/**
 * Reads an error of Volcengine's gateway, which has an envelope of its own. It may contain a code of the visual services:
 * as digits in `Code`, or in `CodeN`.
 *
 * @returns Undefined if the response is not an error of the gateway.
 */
export const readGatewayError = (
  body: JimengResponse
): (ErrorDetail & { readonly code: string }) | undefined => {
  const error = valueAt(body, "ResponseMetadata.Error")
  if (typeof error !== "object" || error === null) return undefined
  const number = toText(valueAt(error, "CodeN"))
  const word = toText(valueAt(error, "Code"))
  const code = /^[56]0\d{3}$/.test(number) ? number : word
  return {
    code,
    message: explain(code, firstStringAt(error, "Message")),
    requestId: firstStringAt(body, "ResponseMetadata.RequestId")
  }
}
