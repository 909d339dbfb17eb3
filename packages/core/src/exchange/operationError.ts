import { errorFromStatus } from "../provider/errorFromStatus.ts"
import type { StatusErrorDetail } from "../provider/errorFromStatus.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"

/** Only a request about a task can be about one that the vendor does not know. */
export const aboutRequest = (reason: ErrorReason): ErrorReason =>
  reason._tag === "TaskNotFound" ? { ...reason, _tag: "InvalidRequest" } : reason

/** The error that an HTTP status other than 2xx means for a request that is not about a task. */
export const operationError = (status: number, detail: StatusErrorDetail): ErrorReason => {
  const reason = errorFromStatus(status, { ...detail, httpStatus: status })
  if (reason === undefined) return { _tag: "UnexpectedResponse", path: "", ...detail, httpStatus: status }
  return aboutRequest(reason)
}
