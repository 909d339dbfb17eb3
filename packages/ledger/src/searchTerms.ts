/** The words of a search. Every word must occur in a task. */
export interface SearchTerms {
  /** A query of the full-text index. Null if every word is too short for it. */
  readonly indexed: string | null
  /** Words that are compared with the texts of each task, in lower case. */
  readonly scanned: ReadonlyArray<string>
}

/** The index contains sequences of three characters, so it cannot find shorter words. */
const minIndexed = 3

/** The limits of a query of the index. Longer words and further words are compared with the texts. */
const maxIndexedLength = 64
const maxIndexedWords = 16

/** A phrase: inside of double quotes, no character is an operator. */
const quote = (word: string): string => `"${word.replaceAll('"', '""')}"`

/** Splits a search into words. No character has a special meaning. */
export const searchTerms = (search: string): SearchTerms => {
  const words = [...new Set(search.toWellFormed().toLowerCase().split(/[\s\0]+/u))].filter((word) => word !== "")
  const indexed: Array<string> = []
  const scanned: Array<string> = []
  for (const word of words) {
    const characters = Array.from(word)
    const isIndexed = characters.length >= minIndexed && indexed.length < maxIndexedWords
    if (isIndexed) indexed.push(quote(characters.slice(0, maxIndexedLength).join("")))
    if (!isIndexed || characters.length > maxIndexedLength) scanned.push(word)
  }
  return { indexed: indexed.length === 0 ? null : indexed.join(" "), scanned }
}
