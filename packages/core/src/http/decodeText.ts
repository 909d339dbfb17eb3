/** The byte order marks of the encodings that JSON is sent in, in spite of RFC 8259. */
const markedEncoding = ([first, second, third]: Uint8Array): string | undefined => {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8"
  if (first === 0xff && second === 0xfe) return "utf-16le"
  if (first === 0xfe && second === 0xff) return "utf-16be"
  return undefined
}

/** Servers declare these by default, so that a body that is valid UTF-8 is UTF-8. */
const isDefaultCharset = (charset: string): boolean =>
  /^(iso-?8859-?1|latin-?1|us-ascii|ascii|windows-1252)$/.test(charset)

const charsetOf = (contentType: string): string | undefined =>
  /charset\s*=\s*["']?([^\s"';,]+)/i.exec(contentType)?.[1]?.toLowerCase()

/** Decoders remove a byte order mark. Returns undefined if the charset is unknown. */
const decodeCharset = (body: Uint8Array, charset: string): string | undefined => {
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return undefined
  }
}

const decodeStrictUtf8 = (body: Uint8Array): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}

/**
 * Decodes the text of a body: by its byte order mark, or else by the charset of its `content-type`, or else as UTF-8.
 *
 * @param contentType The header `content-type`.
 */
export const decodeText = (body: Buffer, contentType: string | undefined): string => {
  const first = body[0] ?? 0
  const marked = first >= 0xef ? markedEncoding(body) : undefined
  if (marked !== undefined) return new TextDecoder(marked).decode(body)
  const charset = contentType === undefined ? undefined : charsetOf(contentType)
  if (charset === undefined || charset === "utf-8" || charset === "utf8") return body.toString("utf8")
  const strict = isDefaultCharset(charset) ? decodeStrictUtf8(body) : undefined
  return strict ?? decodeCharset(body, charset) ?? body.toString("utf8")
}
