/** Encodes text for a path or a query as the signature of AWS requires (RFC 3986). */
export const encodeUri = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )

/** Encodes a key for a path. */
export const encodeKey = (key: string): string => key.split("/").map(encodeUri).join("/")

/** Encodes a query. */
export const encodeQuery = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => `${encodeUri(name)}=${encodeUri(value)}`)
    .join("&")
