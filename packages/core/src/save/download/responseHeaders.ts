/** Reads the headers of a file server's response. */
import type { DownloadResponse } from "../../http/Transport.ts"

type Headers = DownloadResponse["headers"]

const parseLength = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

/** The length of the body in bytes; undefined if the header is absent or invalid. */
export const contentLength = (headers: Headers): number | undefined => parseLength(headers["content-length"])

/** What `Content-Range` says. */
export interface ContentRange {
  /** Offset of the first byte of the body. */
  readonly start: number
  /** Size of the complete file, in bytes. */
  readonly total: number | undefined
}

/** Where the body of a partial response begins; undefined if the header is absent or invalid. */
export const contentRange = (headers: Headers): ContentRange | undefined => {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"]?.trim() ?? "")
  return match === null ? undefined : { start: Number(match[1]), total: parseLength(match[2]) }
}

/** A validator for `If-Range`: a strong entity tag, or else the modification date. */
export const rangeValidator = (headers: Headers): string | undefined => {
  const { etag } = headers
  return etag !== undefined && !etag.startsWith("W/") ? etag : headers["last-modified"]
}
