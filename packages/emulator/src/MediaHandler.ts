/** Serves result files behind their links, as the stores do that vendors keep results in. */
import type { IncomingHttpHeaders } from "node:http"
import type { MediaFile, MediaLibrary } from "./Media.ts"
import { lastModified, mediaTypes } from "./Media.ts"
import type { LinkSigner, LinkVerdict } from "./SignedLink.ts"
import type { WireAnswer } from "./WireAnswer.ts"

/** Part of a file: from the first byte to the last, both included. */
interface ByteRange {
  readonly first: number
  readonly last: number
}

const refusal = (status: number, code: string, message: string): WireAnswer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
})

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

const isUnchanged = (ifRange: string | string[] | undefined, file: MediaFile): boolean =>
  ifRange === undefined || ifRange === file.etag || ifRange === lastModified

const serve = (file: MediaFile, headers: IncomingHttpHeaders): WireAnswer => {
  const size = file.bytes.length
  const described = {
    "content-type": file.contentType,
    "accept-ranges": "bytes",
    etag: file.etag,
    "last-modified": lastModified
  }
  const range = isUnchanged(headers["if-range"], file) ? rangeOf(headers.range, size) : undefined
  if (range === undefined) return { status: 200, headers: described, body: file.bytes }
  if (range === null) return { status: 416, headers: { "content-range": `bytes */${size}` }, body: "" }
  return {
    status: 206,
    headers: { ...described, "content-range": `bytes ${range.first}-${range.last}/${size}` },
    body: file.bytes.subarray(range.first, range.last + 1)
  }
}

/** An answer for a link, and the task that the link belongs to if the emulator signed it. */
export interface MediaExchange {
  readonly answer: WireAnswer
  readonly verdict: LinkVerdict
}

/** Answers a request for a link that the signer made. `now` is in milliseconds since the epoch. */
export const makeMediaHandler =
  (media: MediaLibrary, signer: LinkSigner) =>
  (pathAndQuery: string, headers: IncomingHttpHeaders, now: number): MediaExchange => {
    const verdict = signer.verify(pathAndQuery, now)
    if (verdict.state === "forged") {
      return {
        verdict,
        answer: refusal(403, "SignatureDoesNotMatch", "The signature of this link is not valid.")
      }
    }
    if (verdict.state === "expired") {
      return { verdict, answer: refusal(403, "AccessDenied", "This link has expired.") }
    }
    const type = mediaTypes.find((each) => verdict.path.endsWith(`.${each}`))
    const answer =
      type === undefined ? refusal(404, "NoSuchKey", "There is no such file.") : serve(media[type], headers)
    return { verdict, answer }
  }
