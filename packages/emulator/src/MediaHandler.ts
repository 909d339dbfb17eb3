/** Serves the result files behind signed links, as vendors' object stores do. */
import type { IncomingHttpHeaders } from "node:http"
import { sliceBytes } from "./ByteSource.ts"
import type { LinkPath } from "./LinkPath.ts"
import { parseLinkPath } from "./LinkPath.ts"
import type { LinkSigner } from "./LinkSigner.ts"
import { mediaFormats } from "./MediaFormat.ts"
import type { MediaLibrary, ServedFile } from "./MediaLibrary.ts"
import { storeError } from "./storeError.ts"
import type { Vendor } from "./vendors/vendorNames.ts"
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

/** The response to any headers. Revision 0 is the original file, others are different files. */
export type ServeFile = (headers: IncomingHttpHeaders, revision?: number) => WireResponse

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
      /** Serves the file. */
      readonly serve: ServeFile
    }

const forged: MediaLookup = {
  state: "rejected",
  response: storeError(403, "SignatureDoesNotMatch", "The signature of this link is not valid."),
  owner: null
}

/** Finds the result files of links. */
export interface MediaHandler {
  /** Looks up what a link leads to. `now` is in milliseconds since 1970. */
  readonly lookUp: (pathAndQuery: string, now: number) => MediaLookup
  /** Returns the function that serves a file, or undefined if its name does not end in a media format. */
  readonly open: (target: LinkPath) => ServeFile | undefined
}

/** Creates a handler of the links of this signer. */
export const makeMediaHandler = (media: MediaLibrary, signer: LinkSigner): MediaHandler => {
  const open = ({ file, size }: LinkPath): ServeFile | undefined => {
    const format = mediaFormats.find((each) => file.endsWith(`.${each}`))
    return format && ((headers, revision = 0) => serveFile(media.file(format, size, revision), headers))
  }

  const lookUp: MediaHandler["lookUp"] = (pathAndQuery, now) => {
    const verification = signer.verify(pathAndQuery, now)
    if (verification.state === "forged") return forged
    const { vendor, path, expiresAt } = verification
    const target = parseLinkPath(path)
    const serve = target && open(target)
    if (target === undefined || serve === undefined) return forged
    if (verification.state === "expired") {
      const response = storeError(403, "AccessDenied", "This link has expired.")
      return { state: "rejected", response, owner: { vendor, taskId: target.taskId } }
    }
    return { state: "found", vendor, target, expiresAt, serve }
  }

  return { lookUp, open }
}
