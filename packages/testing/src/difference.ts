/** How two JSON values differ, for people. */
import { AssertionError } from "node:assert"
import { createHash } from "node:crypto"
import { stripVTControlCharacters } from "node:util"

const longest = 160

/** Media in base64 would bury what differs; its digest still tells it from another one. */
const shorten = (value: unknown): unknown => {
  if (typeof value === "string" && value.length > longest) {
    const digest = createHash("sha256").update(value).digest("hex").slice(0, 8)
    return `${value.slice(0, longest / 2)}… (${value.length} characters, sha256 ${digest}…)`
  }
  if (Array.isArray(value)) return value.map(shorten)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shorten(each)]))
}

/** Lists what is found and was not expected with `+`, and the other way round with `-`. */
export const difference = (actual: unknown, expected: unknown): string => {
  const { message } = new AssertionError({
    actual: shorten(actual),
    expected: shorten(expected),
    operator: "deepStrictEqual"
  })
  return stripVTControlCharacters(message).replace(/^.*\n/, "").trimEnd()
}
