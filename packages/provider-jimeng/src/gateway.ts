import { codeTable, errorFromStatus, queryError } from "@gentask/core/provider"
import type { QueryOutcome, ResponseHead } from "@gentask/core/provider"
import type { JimengResponse } from "./wire.ts"

// From https://www.volcengine.com/docs/6369/68677 and https://www.volcengine.com/docs/6720/108305
const codes = codeTable([
  {
    codes: ["MissingAuthenticationToken", "MissingSignature", "InvalidAccessKey", "SignatureDoesNotMatch"],
    error: "Unauthorized"
  },
  { codes: ["LackPolicy", "AccessDenied"], error: "Forbidden" },
  // An invalid timestamp is HTTP 400, or 403 on older pages. An unknown service or action is HTTP 404, which does not
  // mean that the task is missing.
  {
    codes: [
      "MissingParameter",
      "MissingRequestInfo",
      "InvalidTimestamp",
      "ServiceNotFound",
      "InvalidActionOrVersion"
    ],
    error: "InvalidRequest"
  }
])

const explain = (code: string, message: string | null | undefined): string | null | undefined => {
  if (code === "InvalidTimestamp") {
    return `Check this machine's clock, which dates the signature: ${message}`
  }
  // The gateway repeats the id, which may be a secret that was entered in the wrong place.
  return code === "InvalidAccessKey" ? "Volcengine does not know the access key id" : message
}

/**
 * Decodes an error of Volcengine's gateway. Its errors have an envelope of their own, and never say anything about a task.
 *
 * @returns Undefined if the response is not an error of the gateway.
 */
export const decodeGatewayError = (body: JimengResponse, head: ResponseHead): QueryOutcome | undefined => {
  const { Error: error, RequestId: requestId } = body.ResponseMetadata ?? {}
  if (error == null) return undefined
  const code = String(error.Code ?? "")
  const detail = { code, message: explain(code, error.Message), requestId }
  const tag = codes(code)?.error
  if (tag !== undefined) return queryError({ _tag: tag, ...detail })
  const path = "ResponseMetadata.Error"
  return queryError(errorFromStatus(head.status, detail) ?? { _tag: "UnexpectedResponse", path, ...detail })
}
