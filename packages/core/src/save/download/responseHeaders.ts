/** Reads the headers of a file server's response. */
import { parseHttpDate } from "../../http/parseHttpDate.ts"
import type { DownloadResponse } from "../../http/Transport.ts"
import type { FileOrigin } from "../target/Manifest.ts"

type Headers = DownloadResponse["headers"]

const parseLength = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

/** The length of the body in bytes; undefined if the header is absent or invalid. */
export const contentLength = (headers: Headers): number | undefined => parseLength(headers["content-length"])

/** Whether the body is sent in chunks, of which the last one is marked. The transport fails if that is missing. */
export const isChunked = (headers: Headers): boolean =>
  /(^|,)\s*chunked\s*$/i.test(headers["transfer-encoding"] ?? "")

/** The content encodings in the order in which they were applied, in lower case. */
export const contentEncodings = (headers: Headers): ReadonlyArray<string> =>
  (headers["content-encoding"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "" && name !== "identity")

/** The media type of the `Content-Type` header, in lower case and without parameters. */
export const mediaTypeOf = (contentType: string | undefined): string | undefined =>
  contentType?.split(";")[0]?.trim().toLowerCase()

/** What `Content-Range` says. */
export interface ContentRange {
  /** Offset of the first byte of the body. */
  readonly start: number
  /** Offset of the last byte of the body. */
  readonly end: number
  /** Size of the complete file, in bytes. */
  readonly total: number | undefined
}

/** Which part of the file a partial response contains; undefined if the header is absent or invalid. */
export const contentRange = (headers: Headers): ContentRange | undefined => {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers["content-range"]?.trim() ?? "")
  return match === null
    ? undefined
    : { start: Number(match[1]), end: Number(match[2]), total: parseLength(match[3]) }
}

/** How much older than the response a modification date must be to be a strong validator, in milliseconds. */
const minAgeMs = 60_000

/** Whether the file cannot have changed twice with the same modification date (RFC 9110, 8.8.2.2). */
const isStrongDate = (lastModified: string, date: string | undefined): boolean =>
  Date.parse(date ?? "") - Date.parse(lastModified) >= minAgeMs

/** A validator for `If-Range`: a strong entity tag, or else a modification date that is strong. */
export const rangeValidator = (headers: Headers): string | undefined => {
  const { etag, date, "last-modified": lastModified } = headers
  if (etag?.startsWith('"') === true) return etag
  return lastModified !== undefined && isStrongDate(lastModified, date) ? lastModified : undefined
}

/** An entity tag (RFC 9110, 8.8.3) of a reasonable length. */
const etagPattern = /^(?:W\/)?"[\x21\x23-\x7e]{0,256}"$/

/** What a response says about its file. Invalid headers count as absent. */
export const originOf = ({ etag, date }: Headers): FileOrigin => {
  const time = date === undefined ? undefined : parseHttpDate(date, Date.now())
  return {
    etag: etag !== undefined && etagPattern.test(etag) ? etag : null,
    httpDate: time === undefined ? null : new Date(time).toISOString()
  }
}
