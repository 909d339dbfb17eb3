/** Shorter texts are not secrets, and may occur in a response by chance. */
const minSecretLength = 8

/** The API key, and both parts of a key pair `ID|SECRET`. */
const secretsOf = (key: string): ReadonlyArray<string> =>
  (key.includes("|") ? [key, ...key.split("|")] : [key]).filter((secret) => secret.length >= minSecretLength)

/**
 * Replaces an API key in a text with `<secret>`, since vendors may quote the key in their messages.
 *
 * @param key The API key. Both parts of a key pair `ID|SECRET` are replaced, too.
 */
export const redact = (text: string, key: string): string =>
  secretsOf(key).reduce((redacted, secret) => redacted.replaceAll(secret, "<secret>"), text)

/** Checks whether the values in a JSON text may contain an API key, without parsing the text. */
export const mayHold = (text: string, key: string): boolean => {
  const secrets = secretsOf(key)
  if (secrets.length === 0) return false
  // The parsed value may contain a key that is escaped in the text. JSON inside of strings escapes many quotes and
  // backslashes, which matter only for keys that contain such characters.
  const mayBeEscaped = /["\\]/.test(key) ? text.includes("\\") : /\\[u/]/.test(text)
  return mayBeEscaped || secrets.some((secret) => text.includes(secret))
}

/** Replaces an API key in a JSON value with `<secret>`, in the names of members, too. */
export const redactJson = (value: unknown, key: string): unknown => {
  if (typeof value === "string") return redact(value, key)
  if (Array.isArray(value)) return value.map((item) => redactJson(item, key))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [redact(name, key), redactJson(member, key)])
  )
}
