/**
 * The errors of Volcengine's gateway, which stand in an envelope of their own and never speak about a task. Sources:
 * https://www.volcengine.com/docs/6369/68677 and https://www.volcengine.com/docs/6720/108305
 */
import { codeTable, queryError, errorFromStatus } from "@gentask/core/provider"
import type { ResponseHead, QueryOutcome } from "@gentask/core/provider"
import type { JimengResponse } from "./wire.ts"

const codes = codeTable([
  {
    codes: ["MissingAuthenticationToken", "MissingSignature", "InvalidAccessKey", "SignatureDoesNotMatch"],
    error: "Unauthorized"
  },
  { codes: ["LackPolicy", "AccessDenied"], error: "Forbidden" },
  // Dated wrongly: HTTP 400, and 403 on older pages. No such service or action: 404, which is no missing task.
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

/** The gateway's words for a person to read, with what to mend where they do not say it. */
const explain = (code: string, message: string | null | undefined): string | null | undefined => {
  if (code === "InvalidTimestamp") {
    return `Check this machine's clock, which dates the signature: ${message}`
  }
  // The gateway repeats the id that it was given, which may be the secret put in the id's place.
  return code === "InvalidAccessKey" ? "Volcengine knows no access key of this id" : message
}

/** Reads the gateway's error, if the answer is one. */
export const readGatewayError = (body: JimengResponse, http: ResponseHead): QueryOutcome | undefined => {
  const { Error: error, RequestId: requestId } = body.ResponseMetadata ?? {}
  if (error == null) return undefined
  const code = String(error.Code ?? "")
  const detail = { code, message: explain(code, error.Message), requestId }
  const known = codes(code)?.error
  if (known !== undefined) return queryError({ _tag: known, ...detail })
  const path = "ResponseMetadata.Error"
  return queryError(errorFromStatus(http.status, detail) ?? { _tag: "UnexpectedResponse", path, ...detail })
}
