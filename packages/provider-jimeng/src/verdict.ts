import { codeAt, firstStringAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorDetail, JsonObject } from "@gentask/core/provider"
import { readGatewayError } from "./gateway.ts"

/** The result of the request itself, in any of the three envelopes. */
export interface Verdict extends ErrorDetail {
  /** The code as text. Empty if it is missing. */
  readonly code: string
  readonly isSuccess: boolean
  readonly isGateway: boolean
}

// 10000 is documented, and `success` is the new-api gateway's. 0 and 200 mean the same in the envelopes of other vendors.
const successCodes: ReadonlySet<string> = new Set(["10000", "success", "0", "200"])

/** Reads the code and the message of a response. */
export const readVerdict = (body: JsonObject): Verdict => {
  const gateway = readGatewayError(body)
  if (gateway !== undefined) return { ...gateway, isSuccess: false, isGateway: true }
  const code = codeAt(body, "code") ?? ""
  const isTaskAlone = code === "" && firstStringAt(body, "data.status") !== undefined
  const isSuccess = isTaskAlone || successCodes.has(code.toLowerCase())
  // With the code of success, the message ("Success") is about the request only.
  const message = isSuccess ? undefined : readErrorDetail(body).message
  return { code, message, requestId: firstStringAt(body, "request_id"), isSuccess, isGateway: false }
}

/** Returns what an error contains. The code and the message of a success are not about an error. */
export const errorDetail = ({ code, message, requestId, isSuccess }: Verdict): ErrorDetail =>
  isSuccess ? { requestId } : { code, message, requestId }
