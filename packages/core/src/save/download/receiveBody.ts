/** Reads the body of a response into a part file: limited in size, and not slower than a minimum speed. */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import type { DownloadResponse } from "../../http/Transport.ts"
import { hashFile } from "../hashFile.ts"
import { onDisk, toSaveFailure } from "../SaveFailure.ts"
import type { SaveFailure } from "../SaveFailure.ts"
import { decodeBody } from "./decodeBody.ts"
import { expectedDigest } from "./digestHeader.ts"
import type { ExpectedDigest } from "./digestHeader.ts"
import { DownloadError } from "./DownloadError.ts"
import type { ProgressReporter } from "../ProgressReporter.ts"
import { appendToPartFile, resetPartFile, totalBytes } from "./PartFile.ts"
import type { PartFile } from "./PartFile.ts"
import type { PartMetadata } from "./PartNote.ts"
import { contentLength } from "./responseHeaders.ts"

/** What reading a body needs besides the response and the part file. */
export interface ReadContext {
  /** Maximum size of the file, in bytes. */
  readonly maxBytes: number
  /** Minimum speed in bytes per second, measured over half a minute. */
  readonly minSpeed: number
  /** Receives the progress of the download. */
  readonly progress?: ProgressReporter | undefined
}

/** A body, and the part file that it is read into. */
interface Transfer {
  readonly body: DownloadResponse["body"]
  readonly part: PartFile
  /** Size of the whole file, in bytes. */
  readonly total: number | undefined
  /** The message of the error if the body cannot be read to its end. */
  readonly interrupted: string
}

/** The period over which the speed is measured, in milliseconds. */
const speedWindowMs = 30_000

/** An error after which the same request may succeed. */
export const transient = (message: string, cause?: unknown): DownloadError =>
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
  { body, part, total, interrupted }: Transfer,
  { maxBytes, minSpeed, progress }: ReadContext,
  signal: AbortSignal
): Promise<void> => {
  const iterator = body[Symbol.asyncIterator]()
  let window = { startedAt: performance.now(), size: part.size }
  for (;;) {
    const next = await iterator.next().catch((cause: unknown) => {
      throw transient(interrupted, cause)
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
    const now = performance.now()
    progress?.update(part.size, total, now)
    const elapsedMs = now - window.startedAt
    if (elapsedMs < speedWindowMs) continue
    if (((part.size - window.size) * 1000) / elapsedMs < minSpeed)
      throw transient(`the download was slower than ${minSpeed} bytes per second`)
    window = { startedAt: now, size: part.size }
  }
}

const read = (transfer: Transfer, context: ReadContext): Effect.Effect<void, DownloadError | SaveFailure> =>
  Effect.tryPromise({
    try: (signal) => readBody(transfer, context, signal),
    catch: (cause) => (cause instanceof DownloadError ? cause : toSaveFailure(transfer.part.path, cause))
  })

const digestOf = async (part: PartFile, algorithm: ExpectedDigest["algorithm"]): Promise<string> => {
  const hash = algorithm === "sha256" ? part.hash.copy() : await hashFile(part.handle, createHash(algorithm))
  return hash.digest("base64")
}

const mismatch = "the file does not match the digest in the response headers"

/**
 * Reads a body that contains the file or the rest of it, and checks length and digest of the whole file.
 *
 * @param total Size of the whole file, in bytes.
 * @param end Where the body ends in the file. Defaults to the end of the file.
 * @returns Whether a digest of the server has proved that the file is complete.
 */
export const receiveBody = Effect.fnUntraced(function* (
  response: DownloadResponse,
  part: PartFile,
  context: ReadContext,
  total: number | undefined,
  end = total
) {
  const { maxBytes } = context
  if (total !== undefined && total > maxBytes) {
    return yield* new DownloadError({
      reason: { _tag: "TooLarge", bytes: total, maxBytes },
      message: `the file has ${total} bytes, and the limit is ${maxBytes} bytes`
    })
  }
  yield* read({ body: response.body, part, total, interrupted: "the connection was interrupted" }, context)
  const isTooLong = end !== undefined && part.size > end
  if (isTooLong || (total !== undefined && part.size !== total)) {
    const error = transient(`received ${part.size} of ${total ?? end} bytes`)
    // A part that is too long cannot be completed by resuming.
    return yield* isTooLong ? discardPart(part, error) : Effect.fail(error)
  }
  const expected = expectedDigest(response)
  if (expected === undefined) return false
  const digest = yield* onDisk(part.path, () => digestOf(part, expected.algorithm))
  return digest === expected.value || (yield* discardPart(part, transient(mismatch)))
})

/**
 * Reads an encoded body, and checks length and digest of the encoded data.
 *
 * @returns Whether a digest of the server has proved that the file is complete.
 */
export const receiveEncodedBody = Effect.fnUntraced(function* (
  response: DownloadResponse,
  part: PartFile,
  context: ReadContext,
  encodings: ReadonlyArray<string>
) {
  const expected = expectedDigest(response)
  const hash = expected && createHash(expected.algorithm)
  let size = 0
  const body = decodeBody(response.body, encodings, (chunk) => {
    size += chunk.length
    hash?.update(chunk)
  })
  const interrupted = "the encoded data is incomplete or invalid"
  yield* read({ body, part, total: undefined, interrupted }, context)
  const total = contentLength(response.headers)
  if (total !== undefined && size !== total)
    return yield* discardPart(part, transient(`received ${size} of ${total} encoded bytes`))
  if (expected === undefined) return false
  return hash?.digest("base64") === expected.value || (yield* discardPart(part, transient(mismatch)))
})
