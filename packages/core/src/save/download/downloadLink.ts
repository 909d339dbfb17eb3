/** One attempt to download a link into a part file, which resumes by range if the file is certainly the same. */
import * as Effect from "effect/Effect"
import type { DownloadResponse } from "../../http/Transport.ts"
import type { OutputIdentity } from "../OutputIdentity.ts"
import type { SaveFailure } from "../SaveFailure.ts"
import { canDecode } from "./decodeBody.ts"
import type { DownloadError } from "./DownloadError.ts"
import { openLink } from "./openLink.ts"
import type { LinkContext } from "./openLink.ts"
import type { PartFile } from "./PartFile.ts"
import type { PartMetadata } from "./PartNote.ts"
import { discardPart, receiveBody, receiveEncodedBody, resetPart, transient } from "./receiveBody.ts"
import type { ReadContext } from "./receiveBody.ts"
import { responseError } from "./responseError.ts"
import {
  contentEncodings,
  contentLength,
  contentRange,
  isChunked,
  mediaTypeOf,
  originOf,
  rangeValidator
} from "./responseHeaders.ts"

/** What an attempt needs besides the link. */
export interface DownloadContext extends LinkContext, ReadContext {}

/** The link of an output. */
export interface DownloadLink {
  readonly url: URL
  readonly identity: OutputIdentity
  /** Whether the link needs the account's credentials. */
  readonly isPrivate?: boolean | undefined
}

/** A file that was received without an error. */
export interface DownloadResult {
  /** The `Content-Type` header. */
  readonly contentType: string | undefined
  /**
   * Whether the response has shown where it ends: by a length, in chunks or by its encoding. Otherwise a connection that
   * was interrupted looks the same as the end of the file.
   */
  readonly isDelimited: boolean
  /** Whether the file matches a digest in the response headers. */
  readonly isVerified: boolean
  /** A content encoding that is not supported. Servers may declare one that they have not applied. */
  readonly unknownEncoding?: string
}

/** Receives a whole file. */
const receiveFile = Effect.fnUntraced(function* (
  response: DownloadResponse,
  part: PartFile,
  context: DownloadContext,
  identity: OutputIdentity
) {
  const { headers } = response
  const contentType = headers["content-type"]
  const encodings = contentEncodings(headers)
  // A range is one of the encoded data, so an encoded download cannot be resumed.
  const validator = encodings.length === 0 ? rangeValidator(headers) : undefined
  const total = contentLength(headers)
  yield* resetPart(part, validator === undefined ? undefined : { identity, validator, total, contentType })
  if (encodings.length > 0 && canDecode(encodings)) {
    const isVerified = yield* receiveEncodedBody(response, part, context, encodings)
    return { contentType, isDelimited: true, isVerified }
  }
  const isVerified = yield* receiveBody(response, part, context, total)
  const isDelimited = total !== undefined || isChunked(headers)
  return encodings.length === 0
    ? { contentType, isDelimited, isVerified }
    : { contentType: undefined, isDelimited, isVerified, unknownEncoding: encodings.join(", ") }
})

/**
 * Whether a partial response contains the rest of the file that a part file belongs to. A server may ignore `If-Range`,
 * so only the same strong validator shows that the file is unchanged.
 */
const isRest = ({ headers }: DownloadResponse, part: PartFile, metadata: PartMetadata): boolean => {
  const range = contentRange(headers)
  const mediaType = mediaTypeOf(headers["content-type"])
  return (
    rangeValidator(headers) === metadata.validator &&
    contentEncodings(headers).length === 0 &&
    (mediaType === undefined || mediaType === (mediaTypeOf(metadata.contentType) ?? mediaType)) &&
    mediaType !== "multipart/byteranges" &&
    range?.start === part.size &&
    (range.total ?? metadata.total) === (metadata.total ?? range.total)
  )
}

/** Receives the rest of a file, unless the response contains something else. */
const receiveRest = Effect.fnUntraced(function* (
  response: DownloadResponse,
  part: PartFile,
  context: DownloadContext,
  metadata: PartMetadata
) {
  if (!isRest(response, part, metadata))
    return yield* discardPart(part, transient("the server returned another range than requested"))
  const range = contentRange(response.headers)
  const total = range?.total ?? metadata.total
  const isVerified = yield* receiveBody(response, part, context, total, range && range.end + 1)
  return { contentType: metadata.contentType, isDelimited: total !== undefined, isVerified }
})

/**
 * Sends one request for the bytes that a part file does not have yet. Succeeds when the file is received. On failure the
 * part file keeps what a later attempt can resume.
 */
export const downloadLink = (
  { url, identity, isPrivate }: DownloadLink,
  part: PartFile,
  context: DownloadContext
): Effect.Effect<DownloadResult, DownloadError | SaveFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      if (part.size > 0 && part.metadata === undefined) yield* resetPart(part)
      const resumed = part.size > 0 ? part.metadata : undefined
      // Already complete: an earlier run was interrupted before it could store the file.
      if (resumed !== undefined && part.size === resumed.total)
        return { contentType: resumed.contentType, isDelimited: true, isVerified: false }
      const range =
        resumed === undefined ? {} : { range: `bytes=${part.size}-`, "if-range": resumed.validator }
      const headers = { accept: "*/*", "accept-encoding": "identity", ...range }
      const opened = yield* openLink(url, headers, context, isPrivate)
      const { response } = opened
      part.origin = originOf(response.headers)
      if (response.status === 200) return yield* receiveFile(response, part, context, identity)
      if (resumed !== undefined && response.status === 206)
        return yield* receiveRest(response, part, context, resumed)
      if (resumed !== undefined && response.status === 416)
        return yield* discardPart(part, transient("the file changed on the server"))
      return yield* Effect.fail(yield* responseError(opened, context))
    })
  )
