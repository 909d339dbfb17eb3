/**
 * OpenRouter's errors.
 *
 * Documented: the form, and the texts of 400, 401, 402, 404, 429, 500 and 502 (the OpenAPI document of @openrouter/sdk).
 */
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

const messages: Readonly<Record<number, string>> = {
  400: "Invalid request parameters",
  401: "Missing Authentication header",
  402: "Insufficient credits. Add more using https://openrouter.ai/credits",
  404: "Resource not found",
  429: "Rate limit exceeded",
  502: "Provider returned error"
}

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { code = status, message = messages[status] ?? statusTextOf(status) } = {}) =>
    jsonResponse(status, { error: { code, message } })
}
