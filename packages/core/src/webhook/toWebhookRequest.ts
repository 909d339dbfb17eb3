import { invalidOption } from "../account/invalidOption.ts"
import type { WebhookRequest } from "../provider/WebhookOperation.ts"
import type { IncomingWebhook, WebhookHeaders } from "./IncomingWebhook.ts"

const isIterable = (headers: object): headers is Iterable<readonly [string, string]> =>
  Symbol.iterator in headers

const entriesOf = (
  headers: WebhookHeaders
): ReadonlyArray<readonly [string, string | ReadonlyArray<string> | undefined]> =>
  isIterable(headers) ? [...headers] : Object.entries(headers)

/** Names in lower case. Values of the same name are joined, as `Headers` does. */
const toHeaders = (headers: WebhookHeaders): Record<string, string> => {
  const joined = new Map<string, string>()
  for (const [name, value] of entriesOf(headers)) {
    const text = typeof value === "string" ? value : value?.join(", ")
    if (text === undefined) continue
    const key = name.toLowerCase()
    const known = joined.get(key)
    joined.set(key, known === undefined ? text : `${known}, ${text}`)
  }
  return Object.fromEntries(joined)
}

/** Undefined if bytes are not UTF-8. A replacement character would change what the signature covers. */
const toText = (body: Uint8Array | string): string | undefined => {
  if (typeof body === "string") return body
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}

/**
 * Converts a webhook to what providers verify and decode. Undefined if the body is not UTF-8.
 *
 * @throws {ConfigurationError} If the caller passes no headers, or a body that is neither text nor bytes.
 */
export const toWebhookRequest = (webhook: IncomingWebhook, receivedAt: Date): WebhookRequest | undefined => {
  // JavaScript may leave out the webhook.
  const { headers, body } = (webhook ?? {}) as Partial<IncomingWebhook>
  if (typeof headers !== "object" || headers === null)
    throw invalidOption("headers", "Invalid headers: expected the headers of the webhook, as an object.")
  if (typeof body !== "string" && !(body instanceof Uint8Array))
    throw invalidOption(
      "body",
      "Invalid body: expected the text or the bytes that were received. A parsed body cannot be verified."
    )
  const text = toText(body)
  return text === undefined ? undefined : { headers: toHeaders(headers), text, receivedAt }
}
