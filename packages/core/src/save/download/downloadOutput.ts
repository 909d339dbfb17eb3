/** Downloads an output into its part file: retries, resumes, renews expired links, and rejects what is not media. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Output } from "../../task/Output.ts"
import type { TaskSnapshot } from "../../task/TaskSnapshot.ts"
import { findInList, listOutputs } from "../OutputList.ts"
import type { ListedOutput } from "../OutputList.ts"
import type { SaveErrorReason } from "../SaveError.ts"
import { SaveFailure } from "../SaveFailure.ts"
import { withoutQuery } from "../withoutQuery.ts"
import { checkMedia } from "./checkMedia.ts"
import type { Unconfirmed } from "./checkMedia.ts"
import type { DownloadError, DownloadErrorReason } from "./DownloadError.ts"
import { downloadLink } from "./downloadLink.ts"
import type { DownloadContext } from "./downloadLink.ts"
import type { PartFile } from "./PartFile.ts"
import { traceDownload } from "./traceDownload.ts"

/** What downloading an output needs. */
export interface DownloadOutputContext<E> extends DownloadContext {
  /** Queries the task again, for a new link. */
  readonly refresh: Effect.Effect<TaskSnapshot, E>
  /** Maximum number of consecutive attempts that receive no new byte. */
  readonly attempts: number
  /** Called after each failed attempt that is followed by another. */
  readonly onRetry?: ((ref: string, reason: string) => void) | undefined
}

const isPast = (expiresAt: Date | null, now: number): boolean =>
  expiresAt !== null && new Date(expiresAt).getTime() <= now

const toSaveErrorReason = (
  { reason, message: detail }: DownloadError,
  { url: link, kind, expiresAt }: Output,
  now: number
): SaveErrorReason => {
  const url = withoutQuery(link ?? "")
  switch (reason._tag) {
    case "Transient":
    case "Rejected":
      return {
        _tag: "DownloadFailed",
        url,
        detail,
        httpStatus: reason.httpStatus,
        isRetryable: reason._tag === "Transient"
      }
    case "LinkExpired":
      return { _tag: "LinkExpired", url, httpStatus: reason.httpStatus }
    case "LinkForbidden":
      // File servers respond to a signature that has expired like to one that is missing.
      return {
        _tag: isPast(expiresAt, now) ? "LinkExpired" : "LinkForbidden",
        url,
        httpStatus: reason.httpStatus
      }
    case "UnsafeLink":
      return { _tag: "UnsafeLink", url, detail }
    case "UnsupportedEncoding":
      return { _tag: "UnsupportedEncoding", url, encoding: reason.encoding }
    case "TooLarge":
      return { _tag: "TooLarge", url, bytes: reason.bytes, maxBytes: reason.maxBytes }
    case "NotMedia":
      return { _tag: "NotMedia", url, kind }
    default:
      return { _tag: reason._tag, url }
  }
}

/** Failures that may not repeat. A file server under load may return an error page instead of the file. */
const retryable: ReadonlySet<DownloadErrorReason["_tag"]> = new Set([
  "Transient",
  "LinkExpired",
  "LinkForbidden",
  "UnsupportedEncoding",
  "NotMedia",
  "Empty"
])

const maxDelayMs = 10_000

/** An attempt with less progress is a small one. A server may send a few bytes in each response. */
const smallProgressBytes = 64 * 1024

/** The maximum number of small attempts in a row, as a multiple of `attempts`. */
const smallAttemptsFactor = 4

/** Counts attempts until there were too many. */
class AttemptCounter {
  /** How many attempts in a row have received no new byte. */
  withoutProgress = 0
  #small = 0
  #maxSize: number
  #resets: number
  readonly #part: PartFile
  readonly #limit: number

  constructor(part: PartFile, limit: number) {
    this.#part = part
    this.#limit = limit
    this.#maxSize = part.size
    this.#resets = part.resets
  }

  /** Counts a failed attempt. Returns whether another one may follow. */
  next(): boolean {
    const { size, resets, metadata } = this.#part
    // An attempt that starts again receives bytes that are not new, unless it is the first.
    const isContinued = resets === this.#resets || this.#maxSize === 0
    const hasProgress = isContinued && metadata !== undefined && size > this.#maxSize
    this.withoutProgress = hasProgress ? 0 : this.withoutProgress + 1
    this.#small = hasProgress && size - this.#maxSize >= smallProgressBytes ? 0 : this.#small + 1
    this.#maxSize = Math.max(this.#maxSize, size)
    this.#resets = resets
    return this.withoutProgress < this.#limit && this.#small < this.#limit * smallAttemptsFactor
  }
}

const attempt = Effect.fnUntraced(function* (
  ref: string,
  { output: { url, kind, isPrivate }, identity }: ListedOutput,
  part: PartFile,
  context: DownloadContext,
  unconfirmed: Unconfirmed
) {
  const link = { url: new URL(url ?? ""), identity, isPrivate }
  const downloaded = Effect.flatMap(downloadLink(link, part, context), (result) =>
    checkMedia(result, part, kind, unconfirmed)
  )
  return yield* traceDownload(ref, link.url, part, downloaded)
})

/** The same output with a new link; unchanged if the provider does not list it. */
const renew = <E>(
  listed: ListedOutput,
  refresh: Effect.Effect<TaskSnapshot, E>
): Effect.Effect<ListedOutput> =>
  Effect.map(Effect.result(refresh), (newer) => {
    if (newer._tag === "Failure") return listed
    const found = findInList(listed, listOutputs(newer.success, listed.list.role))
    return found === undefined || found.output.url === null ? listed : found
  })

/**
 * Downloads an output's link until the file is complete.
 *
 * @returns The detected media type, and the output with the link that the bytes are from.
 */
export const downloadOutput = Effect.fnUntraced(function* <E>(
  ref: string,
  requested: ListedOutput,
  part: PartFile,
  context: DownloadOutputContext<E>
) {
  const { refresh, onRetry } = context
  const unconfirmed: Unconfirmed = new Set()
  const counter = new AttemptCounter(part, context.attempts)
  let current = requested
  if (isPast(current.output.expiresAt, yield* Clock.currentTimeMillis))
    current = yield* renew(current, refresh)
  for (;;) {
    const result = yield* Effect.result(attempt(ref, current, part, context, unconfirmed))
    if (result._tag === "Success") return { media: result.success, source: current }
    const error = result.failure
    if (error._tag === "SaveFailure") return yield* error
    const { reason, message, cause } = error
    const canContinue = counter.next()
    if (!retryable.has(reason._tag) || !canContinue) {
      const now = yield* Clock.currentTimeMillis
      return yield* new SaveFailure({ reason: toSaveErrorReason(error, current.output, now), cause })
    }
    onRetry?.(ref, message)
    // Renew an expired link without a delay, but only once in a row.
    const isLinkInvalid = reason._tag === "LinkExpired" || reason._tag === "LinkForbidden"
    const delayMs =
      isLinkInvalid && counter.withoutProgress === 1
        ? 0
        : Math.min(maxDelayMs, 125 * 2 ** counter.withoutProgress)
    const retryAfterMs = reason._tag === "Transient" ? (reason.retryAfterMs ?? 0) : 0
    yield* Effect.sleep(Math.max(retryAfterMs, delayMs))
    if (reason._tag !== "Transient") current = yield* renew(current, refresh)
  }
})
