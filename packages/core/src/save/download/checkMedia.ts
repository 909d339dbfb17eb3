/** Checks that a part file is a complete media file. */
import * as Effect from "effect/Effect"
import type { OutputKind } from "../../task/Output.ts"
import { onDisk } from "../SaveFailure.ts"
import { DownloadError } from "./DownloadError.ts"
import type { DownloadResult } from "./downloadLink.ts"
import { endState } from "./end/endState.ts"
import { FileWindow } from "./end/FileWindow.ts"
import { isIntact } from "./PartFile.ts"
import type { PartFile } from "./PartFile.ts"
import { discardPart, transient } from "./receiveBody.ts"
import { recognizeMedia, sampleBytes } from "./recognizeMedia.ts"

/** Digests of files that could not be proved to be complete. */
export type Unconfirmed = Set<string>

/**
 * Checks that a downloaded part file is a complete media file, and returns its media type. Otherwise discards its bytes.
 *
 * A file that cannot be proved to be complete is accepted only if an earlier download had the same bytes.
 */
export const checkMedia = Effect.fnUntraced(function* (
  { contentType, isDelimited, isVerified, unknownEncoding }: DownloadResult,
  part: PartFile,
  kind: OutputKind,
  unconfirmed: Unconfirmed
) {
  const reject = (_tag: "NotMedia" | "Empty", message: string) =>
    discardPart(part, new DownloadError({ reason: { _tag }, message }))
  if (part.size === 0) return yield* reject("Empty", "the file server returned an empty file")
  if (!(yield* onDisk(part.path, () => isIntact(part))))
    return yield* discardPart(part, transient("another process changed the part file"))
  const file = new FileWindow(part.handle, part.size)
  const media = yield* onDisk(part.path, async () =>
    recognizeMedia(await file.read(0, sampleBytes), contentType)
  )
  if (media === undefined && unknownEncoding !== undefined) {
    const message = `the content encoding ${unknownEncoding} is not supported`
    const reason = { _tag: "UnsupportedEncoding", encoding: unknownEncoding } as const
    return yield* discardPart(part, new DownloadError({ reason, message }))
  }
  if (media === undefined)
    return yield* reject("NotMedia", `expected ${kind} data, but received text or an unknown format`)
  if (isVerified) return media
  const end = yield* onDisk(part.path, () => endState(file, media.mediaType, !isDelimited))
  if (end === "truncated") return yield* discardPart(part, transient("the file is truncated"))
  if (end === "complete" || (isDelimited && end === "unknown")) return media
  const digest = part.hash.copy().digest("hex")
  if (unconfirmed.has(digest)) return media
  unconfirmed.add(digest)
  const why = isDelimited ? "the file has an unusual end" : "the server did not report the file's length"
  return yield* discardPart(part, transient(`${why}, so it is downloaded again to confirm it`))
})
