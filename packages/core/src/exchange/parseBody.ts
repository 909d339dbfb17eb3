import { Secret } from "../provider/Secret.ts"
import { mayContainKey, redact, redactJson } from "./redact.ts"

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

/** Parses a body as JSON and redacts the API key in it. */
export const parseBody = (text: string, apiKey: string): unknown => {
  const body = parseJson(text)
  return body !== notJson && mayContainKey(text, apiKey) ? redactJson(body, apiKey) : body
}

/** Maximum length of a response in an error that is not JSON, in characters. */
const maxRawTextLength = 10_000

/** Returns a response without the API key: as JSON, or as shortened text. */
export const rawResponse = (text: string, apiKey: Secret): unknown => {
  const key = Secret.reveal(apiKey)
  const body = parseBody(text, key)
  return body === notJson ? redact(text, key).slice(0, maxRawTextLength) : body
}
