/** One attempt to download a link into a part file: resumed by range, limited in size, checked by length and digest. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as RetryAfter from "../../http/retryAfter.ts"
import type { DownloadResponse } from "../../http/Transport.ts"
import { onDisk, toSaveFailure } from "../SaveFailure.ts"
import type { SaveFailure } from "../SaveFailure.ts"
import { DownloadError } from "./DownloadError.ts"
import { matchesDigestHeader } from "./integrity.ts"
import { openLink } from "./openLink.ts"
import type { LinkContext } from "./openLink.ts"
import { appendToPartFile, resetPartFile, totalBytes } from "./PartFile.ts"
import type { PartFile, PartMetadata } from "./PartFile.ts"
import { contentLength, contentRange, rangeValidator } from "./responseHeaders.ts"

/** What an attempt needs besides the link. */
export interface DownloadContext extends LinkContext {
  /** Maximum size of the file, in bytes. */
  readonly maxBytes: number
  /** Minimum speed in bytes per second, measured over `speedWindowMs`. */
  readonly minSpeed: number
}

/** A complete file. */
export interface DownloadResult {
  /** The `Content-Type` header. */
  readonly contentType: string | undefined
  /** Whether the server reported the size, and the file has it. */
  readonly isLengthKnown: boolean
}

/** The period over which the speed is measured, in milliseconds. */
const speedWindowMs = 30_000

const retryableStatuses = new Set([408, 409, 425, 429])
const expiredStatuses = new Set([401, 403, 404, 410])

const transient = (message: string, cause?: unknown): DownloadError =>
  new DownloadError({ reason: { _tag: "Transient" }, message, cause })

/** Discards the bytes of a part file. Uninterruptible, so that bytes and metadata always belong together. */
export const resetPart = (part: PartFile, metadata?: PartMetadata): Effect.Effect<void, SaveFailure> =>
  Effect.uninterruptible(onDisk(part.path, () => resetPartFile(part, metadata)))

/** Discards the bytes of a part file, and fails. */
export const discardPart = (
  part: PartFile,
  error: DownloadError
): Effect.Effect<never, DownloadError | SaveFailure> => Effect.andThen(resetPart(part), Effect.fail(error))

const readBody = async (
  body: DownloadResponse["body"],
  part: PartFile,
  { maxBytes, minSpeed }: DownloadContext,
  signal: AbortSignal
): Promise<void> => {
  const iterator = body[Symbol.asyncIterator]()
  let window = { startedAt: performance.now(), size: part.size }
  for (;;) {
    const next = await iterator.next().catch((cause: unknown) => {
      throw transient("the connection was interrupted", cause)
    })
    if (next.done === true || signal.aborted) return
    const chunks = ArrayBuffer.isView(next.value) ? [next.value] : next.value
    if (part.size + totalBytes(chunks) > maxBytes) {
      throw new DownloadError({
        reason: { _tag: "TooLarge", bytes: undefined, maxBytes },
        message: `the file is larger than the limit of ${maxBytes} bytes`
      })
    }
    await appendToPartFile(part, chunks)
    const elapsedMs = performance.now() - window.startedAt
    if (elapsedMs < speedWindowMs) continue
    if (((part.size - window.size) * 1000) / elapsedMs < minSpeed)
      throw transient(`the download was slower than ${minSpeed} bytes per second`)
    window = { startedAt: performance.now(), size: part.size }
  }
}

/** Reads a body that contains the file or the rest of it, and checks length and digest of the whole file. */
const receive = Effect.fnUntraced(function* (
  response: DownloadResponse,
  part: PartFile,
  context: DownloadContext,
  total: number | undefined
) {
  const { maxBytes } = context
  if (total !== undefined && total > maxBytes) {
    return yield* new DownloadError({
      reason: { _tag: "TooLarge", bytes: total, maxBytes },
      message: `the file has ${total} bytes, and the limit is ${maxBytes} bytes`
    })
  }
  yield* Effect.tryPromise({
    try: (signal) => readBody(response.body, part, context, signal),
    catch: (cause) => (cause instanceof DownloadError ? cause : toSaveFailure(part.path, cause))
  })
  if (total !== undefined && part.size !== total) {
    const error = transient(`received ${part.size} of ${total} bytes`)
    // A part that is too long cannot be completed by resuming.
    return yield* part.size > total ? discardPart(part, error) : Effect.fail(error)
  }
  const { headers, status } = response
  const isIntact = yield* onDisk(part.path, () => matchesDigestHeader(part.path, headers, status === 206))
  if (!isIntact)
    return yield* discardPart(part, transient("the file does not match the digest in the response headers"))
  return { contentType: headers["content-type"], isLengthKnown: total !== undefined }
})

/** Receives the rest of a file, unless the response contains something else. */
const receiveRest = (
  response: DownloadResponse,
  part: PartFile,
  context: DownloadContext,
  metadata: PartMetadata
) => {
  const range = contentRange(response.headers)
  // A server may ignore `If-Range`, and send the rest of another file.
  const validator = rangeValidator(response.headers) ?? metadata.validator
  const isRest =
    validator === metadata.validator &&
    range?.start === part.size &&
    (range.total ?? metadata.total) === (metadata.total ?? range.total)
  return isRest
    ? receive(response, part, context, range.total ?? metadata.total)
    : discardPart(part, transient("the server returned another range than requested"))
}

const errorFromStatus = Effect.fnUntraced(function* ({ status, headers }: DownloadResponse) {
  const message = `the file server responded with HTTP ${status}`
  if (expiredStatuses.has(status))
    return new DownloadError({ reason: { _tag: "LinkExpired", httpStatus: status }, message })
  if (status < 500 && !retryableStatuses.has(status))
    return new DownloadError({ reason: { _tag: "Rejected", httpStatus: status }, message })
  const retryAfterMs = RetryAfter.fromHeaders(headers, yield* Clock.currentTimeMillis)
  return new DownloadError({ reason: { _tag: "Transient", httpStatus: status, retryAfterMs }, message })
})

/**
 * Sends one request for the bytes that a part file does not have yet. Succeeds when the file is complete. On failure
 * the part file keeps what a later attempt can resume.
 */
export const downloadLink = (
  url: URL,
  part: PartFile,
  context: DownloadContext
): Effect.Effect<DownloadResult, DownloadError | SaveFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      if (part.metadata === undefined && part.size > 0) yield* resetPart(part)
      // Already complete: an earlier run was interrupted before it could store the file.
      if (part.size > 0 && part.size === part.metadata?.total)
        return { contentType: undefined, isLengthKnown: true }
      const resumed = part.size > 0 ? part.metadata : undefined
      const range =
        resumed === undefined ? {} : { range: `bytes=${part.size}-`, "if-range": resumed.validator }
      const headers = { accept: "*/*", "accept-encoding": "identity", ...range }
      const response = yield* openLink(url, headers, context)
      if (response.status === 200) {
        const total = contentLength(response.headers)
        const validator = rangeValidator(response.headers)
        yield* resetPart(part, validator === undefined ? undefined : { validator, total })
        return yield* receive(response, part, context, total)
      }
      if (resumed !== undefined && response.status === 206)
        return yield* receiveRest(response, part, context, resumed)
      if (resumed !== undefined && response.status === 416)
        return yield* discardPart(part, transient("the file changed on the server"))
      return yield* Effect.fail(yield* errorFromStatus(response))
    })
  )
