/** Command lines to show to people, who paste them into a shell. */

const safe = /^[\w@%+=:,./-]+$/

/** Quotes a word for a POSIX shell, if it needs to be. */
export const shellQuote = (word: string): string =>
  safe.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** A call of gentask; undefined words are left out. */
export const commandLine = (words: ReadonlyArray<string | undefined>): string =>
  ["gentask", ...words.filter((word) => word !== undefined)].map(shellQuote).join(" ")

/** An option with its value, if there is one. */
export const option = (name: string, value: string | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : [name, value]

/** An option without a value, if it is on. */
export const flag = (name: string, on: boolean): ReadonlyArray<string> => (on ? [name] : [])
