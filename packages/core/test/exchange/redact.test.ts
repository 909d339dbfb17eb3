import { describe, expect, it } from "vitest"
import { mayContainKey, redact, redactJson } from "../../src/exchange/redact.ts"

const key = "AbCd/1234+efgh=="

const escapeAll = (escape: (code: number) => string): string =>
  Array.from(key, (character) => escape(character.charCodeAt(0))).join("")
const hex = (code: number): string => code.toString(16)

const forms: ReadonlyArray<readonly [name: string, text: string]> = [
  ["as it is", key],
  ["percent-encoded", encodeURIComponent(key)],
  ["percent-encoded in lower case", encodeURIComponent(key).toLowerCase().replace("abcd", "AbCd")],
  ["percent-encoded three times", encodeURIComponent(encodeURIComponent(encodeURIComponent(key)))],
  ["with percent signs and Unicode", escapeAll((code) => `%u00${hex(code)}`)],
  ["in base64", Buffer.from(key).toString("base64")],
  ["in base64 without padding", Buffer.from(key).toString("base64").replaceAll("=", "")],
  ["in base64 for URLs", Buffer.from(`user:${key}`).toString("base64url")],
  ["in JSON", escapeAll((code) => `\\u00${hex(code)}`)],
  ["in JSON in JSON", JSON.stringify(escapeAll((code) => `\\u00${hex(code)}`))],
  ["in a string of a program", escapeAll((code) => `\\x${hex(code)}`)],
  ["in a string with braces", escapeAll((code) => `\\u{${hex(code)}}`)],
  ["in HTML by decimal numbers", escapeAll((code) => `&#${code};`)],
  ["in HTML by hexadecimal numbers", escapeAll((code) => `&#x${hex(code)};`)],
  ["in HTML by names", "AbCd&sol;1234&plus;efgh&equals;&equals;"],
  ["in HTML in HTML", "AbCd&amp;#47;1234&amp;#43;efgh&amp;#61;&amp;#61;"]
]

describe.each(forms)("a key %s", (_, text) => {
  it("is redacted in a text", () => {
    expect(redact(`invalid key ${text}!`, key)).not.toContain(text)
  })

  it("is found in JSON, and redacted in its values and names", () => {
    const value = { message: `invalid key ${text}`, list: [{ [text]: 1 }], nested: JSON.stringify({ text }) }
    expect(mayContainKey(JSON.stringify(value), key)).toBe(true)
    const redacted = redactJson(value, key) as typeof value
    expect(redacted.message).toContain("<secret>")
    expect(redacted.message).not.toContain(text)
    expect(Object.keys(redacted.list[0] ?? {}).join()).toContain("<secret>")
    expect(Object.keys(redacted.list[0] ?? {})).not.toContain(text)
    expect(redacted.nested).not.toContain(JSON.stringify(text).slice(1, -1))
  })
})

describe("redact", () => {
  // Each would take hours if the time were not proportional to the length.
  it.each([["\\"], ["%25"], ["%"], ["&amp;"], ["&#0"], ["\\u{0"], ["="]])(
    "takes a bounded time for a text of repeated %j",
    (part) => {
      const text = part.repeat(500_000)
      expect(redact(text, key)).toBe(text)
      mayContainKey(text, key)
    }
  )
})
