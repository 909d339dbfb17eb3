/**
 * Runway's errors.
 *
 * Documented: `{ error, issues, docUrl }` of HTTP 400 and `{ error }` of 404 and 429 (https://docs.dev.runwayml.com/api). Known
 * from users: the words of an account without credits. Invented: the other texts.
 */
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

const docUrl = "https://docs.dev.runwayml.com/api"

const problem = (status: number, error: string): WireResponse => jsonResponse(status, { error })

/** The response to an invalid field. */
export const invalidField = (path: string, message: string): WireResponse =>
  jsonResponse(400, {
    error: "Validation of body failed",
    issues: [{ code: "custom", path: [path], message }],
    docUrl
  })

/** The response to a request that is invalid otherwise. */
export const badRequest = (error: string): WireResponse => jsonResponse(400, { error, docUrl })

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { message = statusTextOf(status) } = {}) =>
    status === 400 ? badRequest(message) : problem(status, message),
  unauthorized: () => problem(401, "The API key is invalid."),
  unknownTask: () => problem(404, "The task does not exist, or was deleted or canceled."),
  noCredit: () => badRequest("You do not have enough credits to run this task.")
}
