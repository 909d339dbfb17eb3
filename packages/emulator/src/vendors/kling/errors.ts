/**
 * Kling AI's errors.
 *
 * Documented: the codes with their HTTP statuses and messages
 * (https://app.klingai.com/global/dev/document-api/apiReference/commonInfo). Invented: any other HTTP status is its own
 * code.
 */
import { randomUUID } from "node:crypto"
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

const meanings: Readonly<Record<number, readonly [code: number, message: string]>> = {
  400: [1201, "Invalid parameters, such as incorrect key or illegal value"],
  401: [1000, "Authentication failed"],
  402: [1102, "Account balance not enough"],
  403: [1103, "Unauthorized access to the requested resource, such as interface or model"],
  404: [1203, "The requested resource does not exist, such as the model"],
  429: [1302, "The API request is too fast, exceeding the platform rate limit"],
  500: [5000, "Server internal error"],
  503: [5001, "Server temporarily unavailable, usually due to maintenance"],
  504: [5002, "Server internal timeout, usually due to a backlog"]
}

/** A response: the envelope with data. */
export const succeed = (data: unknown): WireResponse =>
  jsonResponse(200, { code: 0, message: "SUCCEED", request_id: randomUUID(), data })

const errorWith = (status: number, code?: number | string, text?: string): WireResponse => {
  const [defaultCode, defaultText] = meanings[status] ?? [status, statusTextOf(status)]
  return jsonResponse(status, {
    code: code ?? defaultCode,
    message: text ?? defaultText,
    request_id: randomUUID()
  })
}

/** The response to invalid input. */
export const invalidInput = (problem: string): WireResponse => errorWith(400, 1201, problem)

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { code, message } = {}) => errorWith(status, code, message),
  malformed: invalidInput,
  // Documented: both have HTTP 429, as the rate limit.
  noCredit: () => errorWith(429, 1102, "Account balance not enough"),
  tooManyActive: () => errorWith(429, 1303, "parallel task over resource pack limit"),
  rateLimited: () => errorWith(429)
}
