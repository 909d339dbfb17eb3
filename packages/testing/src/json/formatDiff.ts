import { AssertionError } from "node:assert"
import { createHash } from "node:crypto"
import { stripVTControlCharacters } from "node:util"

const maxLength = 160

/** Shortens long strings such as inline media. A digest keeps different values different. */
const shorten = (value: unknown): unknown => {
  if (typeof value === "string" && value.length > maxLength) {
    const digest = createHash("sha256").update(value).digest("hex").slice(0, 8)
    return `${value.slice(0, maxLength / 2)}… (${value.length} characters, sha256 ${digest}…)`
  }
  if (Array.isArray(value)) return value.map(shorten)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shorten(member)]))
}

/** Formats how two JSON values differ. Lines with `+` are in `actual` alone, lines with `-` in `expected` alone. */
export const formatDiff = (actual: unknown, expected: unknown): string => {
  const { message } = new AssertionError({
    actual: shorten(actual),
    expected: shorten(expected),
    operator: "deepStrictEqual"
  })
  return stripVTControlCharacters(message).replace(/^.*\n/, "").trimEnd()
}
