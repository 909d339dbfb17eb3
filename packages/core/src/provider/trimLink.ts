const before = new Set("`'\"<")
const after = new Set("`'\">")

const isBlank = (character: string): boolean => character.trim() === ""

/**
 * Removes the whitespace, quotes, backticks and angle brackets that some relays put around links.
 *
 * ```ts
 * trimLink(" `https://cdn.example/1.png` ") // "https://cdn.example/1.png"
 * ```
 */
export const trimLink = (text: string): string => {
  // Not a regular expression: its time would be quadratic in the number of consecutive spaces.
  let start = 0
  let end = text.length
  while (start < end && (before.has(text.charAt(start)) || isBlank(text.charAt(start)))) start += 1
  while (end > start && (after.has(text.charAt(end - 1)) || isBlank(text.charAt(end - 1)))) end -= 1
  return text.slice(start, end)
}
