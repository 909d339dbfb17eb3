import { mayContainKey, redact, redactJson } from "./redact.ts"
import type { Secrets } from "./redact.ts"

/** The result of `parseBody` for a body that is not JSON. */
export const notJson: unique symbol = Symbol("not JSON")

/** Parses JSON. A text that contains JSON, as some relays send it, is parsed twice. */
const parseJson = (text: string): unknown => {
  try {
    // RFC 8259, 8.1: a parser may ignore a byte order mark, which a transport may leave in the text.
    const value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown
    return typeof value === "string" && /^\s*[[{]/.test(value) ? (JSON.parse(value) as unknown) : value
  } catch {
    return notJson
  }
}

/** Parses a body as JSON and redacts the secrets in it. */
export const parseBody = (text: string, secrets: Secrets): unknown => {
  const body = parseJson(text)
  return body !== notJson && mayContainKey(text, secrets) ? redactJson(body, secrets) : body
}

/** Checks whether a response has no body, or only whitespace. */
export const isBlank = ({
  text,
  bodyError
}: {
  readonly text: string
  readonly bodyError?: string | undefined
}): boolean => bodyError === undefined && text.trim() === ""

/** Maximum length of a response in an error that is not JSON, in characters. */
const maxRawTextLength = 10_000

/** Returns a response without the secrets: as JSON, or as shortened text. */
export const rawResponse = (text: string, secrets: Secrets): unknown => {
  const body = parseBody(text, secrets)
  return body === notJson ? redact(text, secrets).slice(0, maxRawTextLength) : body
}
