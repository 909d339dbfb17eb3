const hasValidEncoding = (text: string): boolean => {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/**
 * Parses the URL of an HTTP proxy. The scheme may be missing, as in `proxy.example:8080`.
 *
 * @returns The URL, or undefined if it is not an http or https URL of a host.
 */
export const parseProxyUrl = (input: unknown): URL | undefined => {
  if (typeof input !== "string" && !(input instanceof URL)) return undefined
  const text = String(input).trim()
  const url = URL.parse(text.includes("://") ? text : `http://${text}`)
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined
  return hasValidEncoding(url.username) && hasValidEncoding(url.password) ? url : undefined
}
