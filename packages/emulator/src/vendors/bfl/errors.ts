/**
 * The errors of Black Forest Labs.
 *
 * Documented: the HTTP statuses (https://docs.bfl.ai/api_integration/errors), the form `{ error, message }`, its codes and
 * texts, and `retry_after` (https://github.com/black-forest-labs/skills), the form of 422 (its OpenAPI document), and the
 * status "Task not found". Invented: the codes of other statuses, and that an unknown task has HTTP 404.
 */
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

interface ErrorText {
  readonly code: string
  readonly message: string
}

const texts: Readonly<Record<number, ErrorText>> = {
  400: { code: "validation_error", message: "Invalid request parameters" },
  401: { code: "invalid_api_key", message: "The provided API key is invalid or expired" },
  402: { code: "insufficient_credits", message: "Your account does not have enough credits" },
  429: { code: "rate_limit_exceeded", message: "Too many concurrent requests" },
  500: { code: "internal_error", message: "Server-side issue" }
}

/** The response to an invalid field. */
export const invalidField = (name: string, message: string): WireResponse =>
  jsonResponse(422, { detail: [{ loc: ["body", name], msg: message, type: "value_error" }] })

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { code, message, retryAfter } = {}) => {
    const text = texts[status]
    return jsonResponse(status, {
      error: code ?? text?.code ?? statusTextOf(status).toLowerCase().replaceAll(" ", "_"),
      message: message ?? text?.message ?? statusTextOf(status),
      ...(status === 429 && { retry_after: retryAfter ?? 5 })
    })
  },
  unknownTask: (id) =>
    jsonResponse(404, {
      id,
      status: "Task not found",
      result: null,
      progress: null,
      details: null,
      preview: null
    })
}
