const utf8 = new TextEncoder()

/**
 * Percent-encodes a character by its UTF-8 bytes: `%0A`. A lone surrogate, which has no UTF-8 form, becomes `%uD800`.
 *
 * @param character One character: one or two UTF-16 code units.
 */
export const escapeCharacter = (character: string): string => {
  const unit = character.charCodeAt(0)
  // `%u` is unambiguous because a literal percent sign is always escaped.
  if (character.length === 1 && unit >= 0xd800 && unit <= 0xdfff)
    return `%u${unit.toString(16).toUpperCase()}`
  return Array.from(
    utf8.encode(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
  ).join("")
}
