/**
 * MiniMax's errors.
 *
 * Documented: the codes (https://platform.minimax.io/docs/api-reference/errorcode), that the first video API has them in
 * `base_resp` of HTTP 200, and that the second one has them at the end of a message and an HTTP status
 * (https://platform.minimax.io/docs/api-reference/video-generation-v2-create). Invented: errors that the two share have
 * the members of both, the HTTP status of the second, and that any other HTTP status is its own code.
 */
import { randomBytes } from "node:crypto"
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

interface Meaning {
  readonly code: number
  readonly type: string
  readonly message: string
}

const meanings: Readonly<Record<number, Meaning>> = {
  400: { code: 2013, type: "bad_request_error", message: "invalid params" },
  401: { code: 1004, type: "authorized_error", message: "login fail" },
  402: { code: 1008, type: "insufficient_balance_error", message: "insufficient balance" },
  422: { code: 1026, type: "unprocessable_entity_error", message: "input new_sensitive" },
  429: { code: 1002, type: "rate_limit_error", message: "rate limit" },
  500: { code: 1000, type: "server_error", message: "unknown error" }
}

const meaningOf = (status: number): Meaning =>
  meanings[status] ?? { code: status, type: `http_${status}`, message: statusTextOf(status) }

/** What the first API has in every response. */
export const baseResponse = (code: number | string = 0, message = "success") => ({
  base_resp: { status_code: Number(code), status_msg: message }
})

/** An error of the first API, in HTTP 200. */
export const firstError = (code: number | string, message: string): WireResponse =>
  jsonResponse(200, baseResponse(code, message))

/** An error with the members of both APIs. */
const errorWith = (status: number, code?: number | string, text?: string): WireResponse => {
  const meaning = meaningOf(status)
  const message = text ?? meaning.message
  return jsonResponse(status, {
    type: "error",
    error: { type: meaning.type, message: `${message} (${code ?? meaning.code})`, http_code: String(status) },
    request_id: randomBytes(16).toString("hex"),
    ...baseResponse(code ?? meaning.code, message)
  })
}

/** The response to invalid input of the second API. */
export const invalidParams = (problem: string): WireResponse =>
  errorWith(400, undefined, `invalid params, ${problem}`)

const isFirst = (path: string | undefined): boolean => path?.startsWith("/v1/") === true

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { code, message } = {}) => errorWith(status, code, message),
  unauthorized: (request) => (isFirst(request?.path) ? firstError(1004, "login fail") : errorWith(401)),
  // Documented for a task that is older than 7 days.
  unknownTask: () => invalidParams("invalid task_id"),
  malformed: invalidParams,
  businessError: ({ code = 1000, message = "unknown error" }) => firstError(code, message)
}
