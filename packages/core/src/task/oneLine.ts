/**
 * Control characters, format characters such as bidirectional marks, line and paragraph separators, and lone
 * surrogates: they can control a terminal or change the order of the displayed text.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu

/**
 * Makes untrusted text safe to print: one line without characters that can control a terminal.
 *
 * @param maxLength Longer text is shortened and ends in an ellipsis, which counts. Default: no limit.
 */
export const oneLine = (text: string, maxLength = Infinity): string => {
  const line = text.replace(unsafe, " ").trim()
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).trimEnd()}…` : line
}
