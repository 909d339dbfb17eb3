import type { UnexpectedResponse } from "./ErrorReason.ts"
import { firstStringAt } from "./firstStringAt.ts"
import { readErrorDetail } from "./readErrorDetail.ts"

/**
 * Returns the reason of a response that does not have what the vendor documents. The code and the message are those of
 * the response, wherever they are, and the id of the request is its `request_id`.
 *
 * ```ts
 * unexpectedResponse({ error: "busy" }, "id") // { _tag: "UnexpectedResponse", path: "id", message: "busy" }
 * unexpectedResponse({}, "id") // { _tag: "UnexpectedResponse", path: "id", message: "The response has no id" }
 * ```
 *
 * @param body The response.
 * @param path The dotted path of what is missing.
 * @param message The message, if the response has none. @default "The response has no PATH"
 */
export const unexpectedResponse = (
  body: unknown,
  path: string,
  message = `The response has no ${path}`
): UnexpectedResponse => {
  const detail = readErrorDetail(body)
  const requestId = firstStringAt(body, "request_id")
  return {
    _tag: "UnexpectedResponse",
    path,
    ...detail,
    message: detail.message ?? message,
    ...(requestId === undefined ? {} : { requestId })
  }
}
