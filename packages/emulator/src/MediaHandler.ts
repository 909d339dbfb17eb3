/** Serves the result files behind signed links, as vendors' object stores do. */
import type { IncomingHttpHeaders } from "node:http"
import { sliceBytes } from "./ByteSource.ts"
import type { LinkPath } from "./LinkPath.ts"
import { parseLinkPath } from "./LinkPath.ts"
import type { LinkSigner } from "./LinkSigner.ts"
import { mediaFormats } from "./MediaFormat.ts"
import type { MediaLibrary, ServedFile } from "./MediaLibrary.ts"
import { storeError } from "./storeError.ts"
import type { Vendor } from "./TaskScript.ts"
import type { WireResponse } from "./WireResponse.ts"

/** A range of bytes. Both ends are inclusive. */
interface ByteRange {
  readonly first: number
  readonly last: number
}

/** The requested range. Undefined for the whole file, null for a range that the file does not have. */
const parseRange = (header: string | undefined, size: number): ByteRange | null | undefined => {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? []
  // Several ranges, or an invalid header: RFC 9110 allows a server to send the whole file.
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined
  if (from === "") {
    return to === "0" ? null : { first: Math.max(0, size - Number(to)), last: size - 1 }
  }
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== "" && Number(to) < Number(from)) return undefined
  return Number(from) < size ? { first: Number(from), last } : null
}

const matchesIfRange = (
  ifRange: string | string[] | undefined,
  { etag, lastModified }: ServedFile
): boolean => ifRange === undefined || ifRange === etag || ifRange === lastModified

const serveFile = (file: ServedFile, headers: IncomingHttpHeaders): WireResponse => {
  const size = file.body.length
  const fileHeaders = {
    "content-type": file.contentType,
    "accept-ranges": "bytes",
    etag: file.etag,
    "last-modified": file.lastModified
  }
  const range = matchesIfRange(headers["if-range"], file) ? parseRange(headers.range, size) : undefined
  if (range === undefined) return { status: 200, headers: fileHeaders, body: file.body }
  if (range === null) return { status: 416, headers: { "content-range": `bytes */${size}` }, body: "" }
  return {
    status: 206,
    headers: { ...fileHeaders, "content-range": `bytes ${range.first}-${range.last}/${size}` },
    body: sliceBytes(file.body, range.first, range.last + 1)
  }
}

/** What a link leads to. */
export type MediaLookup =
  | {
      readonly state: "rejected"
      /** The error to respond with. */
      readonly response: WireResponse
      /** The owner of the link, or null if the emulator did not sign it. */
      readonly owner: { readonly vendor: Vendor; readonly taskId: string } | null
    }
  | {
      readonly state: "found"
      /** The vendor of the task. */
      readonly vendor: Vendor
      /** The parsed path of the link. */
      readonly target: LinkPath
      /** When the link expires, in milliseconds since 1970. */
      readonly expiresAt: number
      /** The response to any headers. Revision 0 is the original file, others are different files. */
      readonly serve: (headers: IncomingHttpHeaders, revision?: number) => WireResponse
    }

const forged: MediaLookup = {
  state: "rejected",
  response: storeError(403, "SignatureDoesNotMatch", "The signature of this link is not valid."),
  owner: null
}

/** Looks up what a link leads to. `now` is in milliseconds since 1970. */
export type MediaHandler = (pathAndQuery: string, now: number) => MediaLookup

/** Creates a handler of the links of this signer. */
export const makeMediaHandler =
  (media: MediaLibrary, signer: LinkSigner): MediaHandler =>
  (pathAndQuery, now) => {
    const verification = signer.verify(pathAndQuery, now)
    if (verification.state === "forged") return forged
    const { vendor, path, expiresAt } = verification
    const target = parseLinkPath(path)
    const format = mediaFormats.find((each) => path.endsWith(`.${each}`))
    if (target === undefined || format === undefined) return forged
    if (verification.state === "expired") {
      const response = storeError(403, "AccessDenied", "This link has expired.")
      return { state: "rejected", response, owner: { vendor, taskId: target.taskId } }
    }
    const serve = (headers: IncomingHttpHeaders, revision = 0): WireResponse =>
      serveFile(media.file(format, target.size, revision), headers)
    return { state: "found", vendor, target, expiresAt, serve }
  }
