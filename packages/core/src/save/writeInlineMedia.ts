/** Writes inline media to a part file. */
import * as Effect from "effect/Effect"
import type { Output } from "../task/Output.ts"
import { endState } from "./download/end/endState.ts"
import { FileWindow } from "./download/end/FileWindow.ts"
import { appendToPartFile } from "./download/PartFile.ts"
import type { PartFile } from "./download/PartFile.ts"
import { recognizeMedia, sampleBytes } from "./download/recognizeMedia.ts"
import type { DetectedMedia } from "./download/DetectedMedia.ts"
import { inlineBytes } from "./inlineBytes.ts"
import { SaveFailure, onDisk } from "./SaveFailure.ts"

/** Whether the media ends before its format says. An image that does not end as usual counts as truncated, too. */
const isTruncated = async (file: FileWindow, { mediaType }: DetectedMedia): Promise<boolean> => {
  const strict = await endState(file, mediaType, true)
  if (strict !== "suspect" || !mediaType.startsWith("image/")) return strict === "truncated"
  return (await endState(file, mediaType, false)) === "suspect"
}

/** Writes inline media to an empty part file. Returns its detected media type. */
export const writeInlineMedia = Effect.fnUntraced(function* (output: Output, part: PartFile) {
  const { kind } = output
  const bytes = inlineBytes(output)
  if (bytes === undefined) return yield* new SaveFailure({ reason: { _tag: "MissingInlineMedia", kind } })
  yield* onDisk(part.path, () => appendToPartFile(part, [bytes]))
  const media = yield* onDisk(part.path, () =>
    recognizeMedia(bytes.subarray(0, sampleBytes), output.mediaType ?? undefined)
  )
  if (media === undefined)
    return yield* new SaveFailure({ reason: { _tag: "NotMedia", url: undefined, kind } })
  const file = new FileWindow(part.handle, part.size)
  if (yield* onDisk(part.path, () => isTruncated(file, media)))
    return yield* new SaveFailure({ reason: { _tag: "Truncated", kind } })
  return media
})
