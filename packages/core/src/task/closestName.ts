/** Names that differ in more characters than this are not similar, however long they are. */
const maxDistance = 3

/** Names must have at least this share of their characters in common. */
const minSimilarity = 0.4

/** The Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, substitutions and swaps. */
const distance = (a: string, b: string): number => {
  let beforePrevious: Array<number> = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      let cost = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1)
      }
      current.push(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}

/**
 * Finds the known name that a misspelled one is most likely meant to be, for messages such as `Did you mean jimmy?`.
 * Case is ignored.
 *
 * ```ts
 * closestName("jimym", ["jimmy", "sora"]) // "jimmy"
 * closestName("kling", ["jimmy", "sora"]) // undefined
 * ```
 *
 * @param name The unknown name.
 * @param known The known names. The first of equally similar ones is returned.
 * @returns Undefined if no known name is similar.
 */
export const closestName = (name: string, known: ReadonlyArray<string>): string | undefined => {
  let closest: string | undefined
  let closestDistance = maxDistance + 1
  for (const candidate of known) {
    const length = Math.max(name.length, candidate.length)
    if (Math.abs(name.length - candidate.length) > maxDistance) continue
    const difference = distance(name.toLowerCase(), candidate.toLowerCase())
    if (difference < closestDistance && (length - difference) / length > minSimilarity) {
      closest = candidate
      closestDistance = difference
    }
  }
  return closest
}
