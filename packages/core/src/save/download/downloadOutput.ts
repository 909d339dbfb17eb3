/** Downloads an output into its part file: retries, resumes, renews expired links, and rejects what is not media. */
import { stat } from "node:fs/promises"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Output } from "../../task/Output.ts"
import type { TaskSnapshot } from "../../task/TaskSnapshot.ts"
import type { SaveErrorReason } from "../SaveError.ts"
import { SaveFailure, onDisk } from "../SaveFailure.ts"
import { withoutQuery } from "../withoutQuery.ts"
import { DownloadError } from "./DownloadError.ts"
import type { DownloadErrorReason } from "./DownloadError.ts"
import { discardPart, downloadLink } from "./downloadLink.ts"
import type { DownloadContext } from "./downloadLink.ts"
import { hasCompleteEnd } from "./integrity.ts"
import type { PartFile } from "./PartFile.ts"
import { recognizeMedia } from "./recognizeMedia.ts"

/** What downloading an output needs. */
export interface DownloadOutputContext<E> extends DownloadContext {
  /** Queries the task again, for a new link. */
  readonly refresh: Effect.Effect<TaskSnapshot, E>
  /** Maximum number of consecutive attempts that receive no new byte. */
  readonly attempts: number
  /** Called after each failed attempt that is followed by another. */
  readonly onRetry?: ((ref: string, reason: string) => void) | undefined
}

const toSaveErrorReason = (
  { reason, message: detail }: DownloadError,
  url: string,
  { kind }: Output
): SaveErrorReason => {
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
    case "UnsafeLink":
      return { _tag: "UnsafeLink", url, detail }
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
  "NotMedia",
  "Empty"
])

const maxDelayMs = 10_000

/** The same output in a newer snapshot; undefined if the number of outputs of its role has changed. */
const findSameOutput = (older: TaskSnapshot, output: Output, newer: TaskSnapshot): Output | undefined => {
  const [before, after] = [older, newer].map(({ outputs }) =>
    outputs.filter(({ role }) => role === output.role)
  )
  return before?.length === after?.length ? after?.[before?.indexOf(output) ?? -1] : undefined
}

/** Makes one attempt, and checks that the result is complete media. */
const attemptDownload = Effect.fnUntraced(function* (
  link: string,
  output: Output,
  part: PartFile,
  context: DownloadContext
) {
  const url = new URL(link)
  const { contentType, isLengthKnown } = yield* Effect.withSpan(
    downloadLink(url, part, context),
    "gentask.download",
    { kind: "client", attributes: { "server.address": url.hostname } }
  )
  const reject = (_tag: "Transient" | "NotMedia" | "Empty", message: string) =>
    discardPart(part, new DownloadError({ reason: { _tag }, message }))
  if (part.size === 0) return yield* reject("Empty", "the file server returned an empty file")
  // Another process that lost its lock may still write to the part file, or have replaced it.
  const { size } = yield* onDisk(part.path, () => stat(part.path))
  if (size !== part.size) return yield* reject("Transient", "another process changed the part file")
  const media = yield* onDisk(part.path, () => recognizeMedia(part.handle, contentType))
  if (media === undefined)
    return yield* reject("NotMedia", `expected ${output.kind} data, but received text or an unknown format`)
  const isComplete =
    isLengthKnown || (yield* onDisk(part.path, () => hasCompleteEnd(part.path, media.mediaType)))
  return isComplete ? media : yield* reject("Transient", "the file is truncated")
})

/** Downloads an output's link until the file is complete. Returns its detected media type. */
export const downloadOutput = Effect.fnUntraced(function* <E>(
  snapshot: TaskSnapshot,
  output: Output,
  part: PartFile,
  context: DownloadOutputContext<E>
) {
  let link = output.url ?? ""
  const renewLink = Effect.gen(function* () {
    const newer = yield* Effect.result(context.refresh)
    if (newer._tag === "Success") link = findSameOutput(snapshot, output, newer.success)?.url ?? link
  })
  if (output.expiresAt !== null && output.expiresAt.getTime() <= (yield* Clock.currentTimeMillis))
    yield* renewLink
  let attemptsWithoutProgress = 0
  for (;;) {
    const sizeBefore = part.size
    const result = yield* Effect.result(attemptDownload(link, output, part, context))
    if (result._tag === "Success") return result.success
    const error = result.failure
    if (error._tag === "SaveFailure") return yield* error
    attemptsWithoutProgress = part.size > sizeBefore ? 0 : attemptsWithoutProgress + 1
    const { reason, message, cause } = error
    if (!retryable.has(reason._tag) || attemptsWithoutProgress >= context.attempts)
      return yield* new SaveFailure({
        reason: toSaveErrorReason(error, withoutQuery(link), output),
        cause
      })
    context.onRetry?.(snapshot.ref, message)
    // Renew an expired link without a delay, but only once in a row.
    const isFirstExpiry = reason._tag === "LinkExpired" && attemptsWithoutProgress === 1
    const delayMs = isFirstExpiry ? 0 : Math.min(maxDelayMs, 125 * 2 ** attemptsWithoutProgress)
    const retryAfterMs = reason._tag === "Transient" ? (reason.retryAfterMs ?? 0) : 0
    yield* Effect.sleep(Math.max(retryAfterMs, delayMs))
    if (reason._tag !== "Transient") yield* renewLink
  }
})
