/** Serves result files behind their links, as the stores do that vendors keep results in. */
import type { IncomingHttpHeaders } from "node:http"
import { part } from "./ByteSource.ts"
import type { LinkPath } from "./LinkPath.ts"
import { parseLinkPath } from "./LinkPath.ts"
import type { MediaLibrary, ServedFile } from "./Media.ts"
import { mediaTypes } from "./Media.ts"
import type { LinkSigner } from "./SignedLink.ts"
import { storeError } from "./StoreError.ts"
import type { Vendor } from "./TaskScript.ts"
import type { WireAnswer } from "./WireAnswer.ts"

/** Part of a file: from the first byte to the last, both included. */
interface ByteRange {
  readonly first: number
  readonly last: number
}

/** The range that is asked for; undefined for the whole file, null for one that the file does not have. */
const rangeOf = (header: string | undefined, size: number): ByteRange | null | undefined => {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? []
  // Several ranges at once, or none that can be read: RFC 9110 lets a server send the whole file.
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined
  if (from === "") {
    return to === "0" ? null : { first: Math.max(0, size - Number(to)), last: size - 1 }
  }
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== "" && Number(to) < Number(from)) return undefined
  return Number(from) < size ? { first: Number(from), last } : null
}

const isUnchanged = (ifRange: string | string[] | undefined, { etag, lastModified }: ServedFile): boolean =>
  ifRange === undefined || ifRange === etag || ifRange === lastModified

const serveFile = (file: ServedFile, headers: IncomingHttpHeaders): WireAnswer => {
  const size = file.body.length
  const described = {
    "content-type": file.contentType,
    "accept-ranges": "bytes",
    etag: file.etag,
    "last-modified": file.lastModified
  }
  const range = isUnchanged(headers["if-range"], file) ? rangeOf(headers.range, size) : undefined
  if (range === undefined) return { status: 200, headers: described, body: file.body }
  if (range === null) return { status: 416, headers: { "content-range": `bytes */${size}` }, body: "" }
  return {
    status: 206,
    headers: { ...described, "content-range": `bytes ${range.first}-${range.last}/${size}` },
    body: part(file.body, range.first, range.last + 1)
  }
}

/** What is behind a link. */
export type Located =
  | {
      readonly state: "refused"
      readonly answer: WireAnswer
      /** Whose link it was, if the emulator signed it. */
      readonly owner: { readonly vendor: Vendor; readonly taskId: string } | null
    }
  | {
      readonly state: "found"
      readonly vendor: Vendor
      readonly target: LinkPath
      /** When the link expires, in milliseconds since the epoch. */
      readonly expiresAt: number
      /** The answer to such headers. Revision 0 is the file itself; others are other files. */
      readonly serve: (headers: IncomingHttpHeaders, revision?: number) => WireAnswer
    }

const forged: Located = {
  state: "refused",
  answer: storeError(403, "SignatureDoesNotMatch", "The signature of this link is not valid."),
  owner: null
}

/** Finds what is behind a link that the signer made. `now` is in milliseconds since the epoch. */
export const makeMediaHandler =
  (media: MediaLibrary, signer: LinkSigner) =>
  (pathAndQuery: string, now: number): Located => {
    const verdict = signer.verify(pathAndQuery, now)
    if (verdict.state === "forged") return forged
    const target = parseLinkPath(verdict.path)
    const type = mediaTypes.find((each) => verdict.path.endsWith(`.${each}`))
    if (target === undefined || type === undefined) return forged
    const { vendor, expiresAt } = verdict
    if (verdict.state === "expired") {
      const answer = storeError(403, "AccessDenied", "This link has expired.")
      return { state: "refused", answer, owner: { vendor, taskId: target.taskId } }
    }
    const serve = (headers: IncomingHttpHeaders, revision = 0): WireAnswer =>
      serveFile(media.file(type, target.size, revision), headers)
    return { state: "found", vendor, target, expiresAt, serve }
  }
