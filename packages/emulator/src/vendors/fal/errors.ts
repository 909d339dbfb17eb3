/**
 * fal's errors.
 *
 * Documented: the form `{ detail, error_type }` with the header `X-Fal-Error-Type`, the types and their statuses
 * (https://fal.ai/docs/documentation/model-apis/request-errors), and the form of models' errors with the header
 * `X-Fal-Retryable` (https://fal.ai/docs/documentation/model-apis/errors). Known from clients: the texts of 401, 403 and
 * 404. Invented: the other texts.
 */
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

/** The HTTP status of each type of request errors. */
const requestErrors: Readonly<Record<string, number>> = {
  request_timeout: 504,
  startup_timeout: 504,
  runner_scheduling_failure: 503,
  runner_connection_timeout: 503,
  runner_disconnected: 503,
  runner_connection_refused: 503,
  runner_connection_error: 503,
  runner_incomplete_response: 502,
  runner_server_error: 500,
  client_disconnected: 499,
  client_cancelled: 499,
  bad_request: 400,
  internal_error: 500
}

/** The HTTP status of those types of models' errors that are not 422. */
const modelErrors: Readonly<Record<string, number>> = {
  internal_server_error: 500,
  generation_timeout: 504,
  downstream_service_error: 500,
  downstream_service_unavailable: 500
}

const memberOf = (table: Readonly<Record<string, number>>, type: string): number | undefined =>
  Object.hasOwn(table, type) ? table[type] : undefined

const requestError = (status: number, detail: string, type?: string): WireResponse =>
  type === undefined
    ? jsonResponse(status, { detail })
    : jsonResponse(status, { detail, error_type: type }, { "x-fal-error-type": type })

/** The response to invalid input: the form of a model's error. */
export const modelError = (
  type: string,
  message: string,
  loc: readonly string[] = ["body"]
): WireResponse => {
  const status = memberOf(modelErrors, type) ?? 422
  return jsonResponse(
    status,
    { detail: [{ loc, msg: message, type, url: `https://docs.fal.ai/errors#${type}` }] },
    { "x-fal-retryable": String(status !== 422) }
  )
}

/** Whether a type is that of an error of the request, and not of the model. */
export const isRequestError = (type: string): boolean => memberOf(requestErrors, type) !== undefined

/** The result of a request that failed with this type. */
export const failedResult = (type: string, message: string): WireResponse => {
  const status = memberOf(requestErrors, type)
  return status === undefined ? modelError(type, message) : requestError(status, message, type)
}

/** The response of the queue for a request that it does not have. */
export const notFound = (): WireResponse => jsonResponse(404, { status: "NOT_FOUND" })

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { code, message } = {}) =>
    requestError(status, message ?? statusTextOf(status), code === undefined ? undefined : String(code)),
  unauthorized: () => requestError(401, "invalid key credentials"),
  unknownTask: notFound,
  tooManyActive: () => requestError(429, "Concurrent requests limit exceeded", "concurrent_requests_limit"),
  noCredit: () =>
    requestError(
      403,
      "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
    )
}
