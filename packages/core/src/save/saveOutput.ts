/** Saves one output: looks for an earlier copy, downloads it into a part file, and stores the finished file. */
import { join } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Output } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { downloadOutput } from "./download/downloadOutput.ts"
import type { DownloadOutputContext } from "./download/downloadOutput.ts"
import {
  appendToPartFile,
  hashExistingBytes,
  openPartFile,
  removeMetadata,
  resetPartFile
} from "./download/PartFile.ts"
import type { PartFile } from "./download/PartFile.ts"
import { recognizeMedia } from "./download/recognizeMedia.ts"
import { outputStem } from "./outputStem.ts"
import { removeFile } from "./removeFile.ts"
import type { SavedFile } from "./SavedFile.ts"
import { SaveFailure, onDisk } from "./SaveFailure.ts"
import { withLock } from "./SaveLock.ts"
import { makeManifest } from "./target/Manifest.ts"
import type { Target } from "./target/Target.ts"

/** What saving one output needs. */
export interface SaveOutputContext<E> extends DownloadOutputContext<E> {
  /** The local folder of locks and part files. */
  readonly dir: string
  /** Where the finished file is stored. */
  readonly target: Target
  /** Whether to replace a file that is not this output. */
  readonly overwrite: boolean
}

/** Writes inline media to a part file. Returns its detected media type. */
const writeInline = Effect.fnUntraced(function* (output: Output, base64: string, part: PartFile) {
  const media = yield* onDisk(part.path, async () => {
    await resetPartFile(part, undefined)
    await appendToPartFile(part, [Buffer.from(base64, "base64")])
    return recognizeMedia(part.handle, output.mediaType ?? undefined)
  })
  if (media !== undefined) return media
  return yield* new SaveFailure({ reason: { _tag: "NotMedia", url: undefined, kind: output.kind } })
})

/** Fills a part file with an output until it is complete and synced, and describes it. */
const fillPartFile = Effect.fnUntraced(function* <E>(
  snapshot: TaskSnapshot,
  output: Output,
  part: PartFile,
  context: SaveOutputContext<E>
) {
  yield* onDisk(part.path, (signal) => hashExistingBytes(part, signal))
  const { mediaType, extension } = yield* output.inline === null
    ? downloadOutput(snapshot, output, part, context)
    : writeInline(output, output.inline.base64, part)
  yield* onDisk(part.path, () => part.handle.sync())
  return { mediaType, extension, bytes: part.size, sha256: part.hash.digest("hex") }
})

const closePartFile = async (part: PartFile, isComplete: boolean): Promise<void> => {
  await part.handle.close()
  const canResume = part.size > 0 && part.metadata !== undefined
  if (isComplete || canResume) return
  await removeFile(part.path)
  await removeMetadata(part.path)
}

/** Saves an output, assuming that nothing else saves it at the same time. */
const saveLocked = Effect.fnUntraced(function* <E>(
  snapshot: TaskSnapshot,
  output: Output,
  stem: string,
  context: SaveOutputContext<E>
) {
  const { target, overwrite } = context
  const found = yield* target.find(stem, output.role)
  if (found._tag === "Saved") {
    const { location, ...file } = found.file
    return { path: location, ...file, output, alreadySaved: true } satisfies SavedFile
  }
  if (found._tag === "Foreign" && !overwrite)
    return yield* new SaveFailure({ reason: { _tag: "FileExists", path: found.location } })
  const path = join(context.dir, `.${stem}.part`)
  const { extension, ...file } = yield* Effect.acquireUseRelease(
    onDisk(path, () => openPartFile(path)),
    (part) => fillPartFile(snapshot, output, part, context),
    (part, exit) => Effect.promise(() => closePartFile(part, exit._tag === "Success"))
  )
  const now = new Date(yield* Clock.currentTimeMillis)
  const manifest = makeManifest(snapshot, output, { file: `${stem}.${extension}`, ...file }, now)
  const put = target.put({ path, extension }, stem, {
    manifest,
    overwrite: overwrite || found._tag === "Broken"
  })
  // If this were interrupted in the middle, the lock would be released while the part file still exists.
  const location = yield* Effect.uninterruptible(
    Effect.tap(
      Effect.onError(put, () => target.abort(stem)),
      () => onDisk(path, () => removeMetadata(path))
    )
  )
  return { path: location, ...file, output, alreadySaved: false } satisfies SavedFile
})

/** Saves an output. Concurrent calls for the same output wait for each other. */
export const saveOutput = <E>(
  snapshot: TaskSnapshot,
  output: Output,
  context: SaveOutputContext<E>
): Effect.Effect<SavedFile, SaveFailure> => {
  const stem = outputStem(snapshot, output)
  return withLock(join(context.dir, `.${stem}.lock`), saveLocked(snapshot, output, stem, context))
}
