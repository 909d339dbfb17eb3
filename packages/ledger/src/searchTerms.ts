/** The words of a search. A task is found if it contains every one of them. */
export interface SearchTerms {
  /** All words, in lower case. */
  readonly words: ReadonlyArray<string>
  /** A query of the full-text index. Null if every word is too short for it. */
  readonly indexed: string | null
  /** The words of that query. */
  readonly long: ReadonlyArray<string>
  /** The words that are too short for the index. */
  readonly short: ReadonlyArray<string>
}

/** The index contains sequences of three characters, so it cannot find shorter words. */
const minIndexedLength = 3

/** What one search may contain. The rest is ignored. */
const maxWords = 16
const maxWordLength = 64

/** A phrase: no character between double quotes is an operator. */
const quote = (word: string): string => `"${word.replaceAll('"', '""')}"`

/** Splits a search into words. No character has a special meaning. */
export const searchTerms = (search: string): SearchTerms => {
  const all = search
    .toWellFormed()
    .toLowerCase()
    .split(/[\s\0]+/u)
    .filter((word) => word !== "")
    .map((word) => Array.from(word).slice(0, maxWordLength))
  const words = [...new Map(all.map((characters) => [characters.join(""), characters.length])).entries()]
  const kept = words.slice(0, maxWords)
  const long = kept.filter(([, length]) => length >= minIndexedLength)
  return {
    words: kept.map(([word]) => word),
    indexed: long.length === 0 ? null : long.map(([word]) => quote(word)).join(" "),
    long: long.map(([word]) => word),
    short: kept.filter(([, length]) => length < minIndexedLength).map(([word]) => word)
  }
}
