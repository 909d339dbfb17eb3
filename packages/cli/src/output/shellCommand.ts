const safe = /^[\w@%+=:,./-]+$/

/** Quotes a word for a POSIX shell, if necessary. */
export const shellQuote = (word: string): string =>
  safe.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** Formats a gentask command that users can paste into a shell. */
export const shellCommand = (args: ReadonlyArray<string>): string =>
  ["gentask", ...args].map(shellQuote).join(" ")

/** Returns the arguments of a flag with a value. Empty if there is no value. */
export const option = (name: string, value: string | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : [name, value]

/** Returns the argument of a flag without a value. Empty if it is off. */
export const flag = (name: string, isOn: boolean): ReadonlyArray<string> => (isOn ? [name] : [])
