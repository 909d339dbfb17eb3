import { tryParseJson } from "./tryParseJson.ts"

/** Returns the end of the object or array at the start of a text, or -1 if it does not end. */
const findEnd = (text: string): number => {
  let depth = 0
  let isString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (isString) {
      if (character === "\\") index += 1
      else if (character === '"') isString = false
    } else if (character === '"') isString = true
    else if (character === "{" || character === "[") depth += 1
    else if (character === "}" || character === "]") {
      depth -= 1
      if (depth === 0) return index + 1
    }
  }
  return -1
}

/**
 * Parses the object or array at the start of a text. What follows is ignored.
 *
 * @returns Undefined if the text does not start with a valid object or array.
 */
export const parseJsonPrefix = (text: string): unknown => {
  const trimmed = text.trimStart()
  if (!/^[[{]/.test(trimmed)) return undefined
  return tryParseJson(trimmed) ?? tryParseJson(trimmed.slice(0, Math.max(0, findEnd(trimmed))))
}
