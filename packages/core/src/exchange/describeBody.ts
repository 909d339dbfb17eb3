import { redact } from "./redact.ts"
import type { Secrets } from "./redact.ts"

/** Maximum length of what a message quotes of a response, in characters. */
export const maxQuotedLength = 200

/** Text that was decoded from something else, such as compressed data, has replacement or control characters. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const binary = /[\u0000-\u0008\u000E-\u001F\uFFFD]/

/** Whether the beginning of a text is that of binary data. */
export const isBinary = (text: string): boolean => binary.test(text.slice(0, 1000))

/** Removes tags, so that the text of a page remains. */
const textOf = (page: string): string =>
  page.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ")

const quote = (text: string, secrets: Secrets): string => {
  const line = redact(text.slice(0, 20 * maxQuotedLength), secrets)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim()
  return line.length > maxQuotedLength ? `${line.slice(0, maxQuotedLength)}…` : line
}

/**
 * Describes a response body that is not JSON, for an error message: what it is, and how it begins.
 *
 * @param secrets Redacted in what is quoted.
 */
export const describeBody = (text: string, contentType: string | undefined, secrets: Secrets): string => {
  if (text.trim() === "") return "The response is empty"
  if (text.startsWith("\u001F\uFFFD")) return "The response is gzip data without a Content-Encoding header"
  if (isBinary(text)) return "The response is binary data, not JSON"
  const isPage = /^\s*</.test(text) || /html/i.test(contentType ?? "")
  const begin = quote(isPage ? textOf(text) : text, secrets)
  const what = isPage ? "The response is a web page" : "The response is not JSON"
  return begin === "" ? what : `${what}: "${begin}"`
}
