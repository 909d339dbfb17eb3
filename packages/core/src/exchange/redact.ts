/** Takes a key out of what a vendor or a provider says: it may quote it, and from here on nobody can. */

/** A shorter text is no secret, and may stand in an answer by chance. */
const shortest = 8

/** What must not be shown: the key, and the parts of one that is a pair, `ID|SECRET`. */
const secretsOf = (key: string): ReadonlyArray<string> =>
  (key.includes("|") ? [key, ...key.split("|")] : [key]).filter((secret) => secret.length >= shortest)

/** Takes a key out of a text. */
export const redact = (text: string, key: string): string =>
  secretsOf(key).reduce((rest, secret) => rest.replaceAll(secret, "<secret>"), text)

/** Tells whether the JSON of a text may hold a key. */
export const mayHold = (text: string, key: string): boolean => {
  const secrets = secretsOf(key)
  if (secrets.length === 0) return false
  // An escape may hide the key in the text, and not in what is read of it. Those of quotes, which JSON inside a string is
  // full of, can hide only a key that holds some.
  const mayBeHidden = /["\\]/.test(key) ? text.includes("\\") : /\\[u/]/.test(text)
  return mayBeHidden || secrets.some((secret) => text.includes(secret))
}

/** Takes a key out of a JSON value, names of members included. */
export const redactJson = (value: unknown, key: string): unknown => {
  if (typeof value === "string") return redact(value, key)
  if (Array.isArray(value)) return value.map((each) => redactJson(each, key))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [redact(name, key), redactJson(each, key)])
  )
}
