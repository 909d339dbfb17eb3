/**
 * Removes everything from a base URL that may be a password or a token: what precedes the last `@`, a port that is not a
 * number, the query and the fragment. The text may be any mistyped URL.
 */
export const hideCredentials = (text: string): string => {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? ""
  const at = text.lastIndexOf("@")
  const rest = at === -1 ? text.slice(scheme.length) : `…@${text.slice(at + 1)}`
  return (
    scheme +
    rest.replace(/[?#].*$/su, (suffix) => `${suffix[0]}…`).replace(/:(?!\d{1,5}(?:[/?#]|$)).*$/su, ":…")
  )
}
