import { firstStringAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorDetail } from "@gentask/core/provider"
import { readGatewayError } from "./gateway.ts"
import type { JimengResponse } from "./wire.ts"

/** The result of the request itself, in any of the three envelopes. */
export interface Verdict extends ErrorDetail {
  /** The code as text. Empty if it is missing. */
  readonly code: string
  readonly isSuccess: boolean
  readonly isGateway: boolean
}

/** Reads the code and the message of a response. */
export const readVerdict = (body: JimengResponse): Verdict => {
  const gateway = readGatewayError(body)
  if (gateway !== undefined) return { ...gateway, isSuccess: false, isGateway: true }
  const code = String(body.code ?? "").trim()
  const isSuccess = code === "10000" || code === "success"
  // With the code of success, the message ("Success") is about the request only.
  const message = isSuccess ? undefined : readErrorDetail(body).message
  return { code, message, requestId: firstStringAt(body, "request_id"), isSuccess, isGateway: false }
}

/** Returns what an error contains. The code and the message of a success are not about an error. */
export const errorDetail = ({ code, message, requestId, isSuccess }: Verdict): ErrorDetail =>
  isSuccess ? { requestId } : { code, message, requestId }
