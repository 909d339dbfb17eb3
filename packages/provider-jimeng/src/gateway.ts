import { codeAt, firstStringAt, valueAt } from "@gentask/core/provider"
import type { ErrorDetail, JsonObject } from "@gentask/core/provider"

const explain = (code: string, message: string | undefined): string | undefined => {
  if (code === "InvalidTimestamp") {
    return `Check this machine's clock, which dates the signature: ${message}`
  }
  // The gateway repeats the id, which may be a secret that was entered in the wrong place.
  return code === "InvalidAccessKey" ? "Volcengine does not know the access key id" : message
}

/**
 * Reads an error of Volcengine's gateway, which has an envelope of its own. It may contain a code of the visual services:
 * as digits in `Code`, or in `CodeN`.
 *
 * @returns Undefined if the response is not an error of the gateway.
 */
export const readGatewayError = (body: JsonObject): (ErrorDetail & { readonly code: string }) | undefined => {
  const error = valueAt(body, "ResponseMetadata.Error")
  if (typeof error !== "object" || error === null) return undefined
  const number = codeAt(error, "CodeN") ?? ""
  const word = codeAt(error, "Code") ?? ""
  const code = /^[56]0\d{3}$/.test(number) ? number : word
  return {
    code,
    message: explain(code, firstStringAt(error, "Message")),
    requestId: firstStringAt(body, "ResponseMetadata.RequestId")
  }
}
