/** Saves one output: looks for an earlier copy, downloads it into a part file, and stores the finished file. */
import { readdir } from "node:fs/promises"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { downloadOutput } from "./download/downloadOutput.ts"
import type { DownloadOutputContext } from "./download/downloadOutput.ts"
import { openPartFile, removeLeftovers, restorePartFile } from "./download/partFolder.ts"
import type { IsSameOutput, PartFolder } from "./download/partFolder.ts"
import { closePartFile, discardPartFile, noteCompletePart, releasePartFile } from "./download/PartFile.ts"
import type { PartFile } from "./download/PartFile.ts"
import { findPlace } from "./findPlace.ts"
import type { OutputPlace } from "./findPlace.ts"
import { releasedPartPath } from "./hiddenFiles.ts"
import { withLock } from "./lock/SaveLock.ts"
import type { SaveLock } from "./lock/SaveLock.ts"
import { isSameOutput } from "./OutputList.ts"
import type { ListedOutput } from "./OutputList.ts"
import { roleStem } from "./outputStem.ts"
import { ProgressReporter } from "./ProgressReporter.ts"
import type { SaveCallbacks } from "./SaveCallbacks.ts"
import type { SavedFile } from "./SavedFile.ts"
import { FileWindow } from "./download/end/FileWindow.ts"
import { detectMarks } from "./marks/detectMarks.ts"
import { SaveFailure, onDisk } from "./SaveFailure.ts"
import { makeManifest } from "./target/Manifest.ts"
import type { StoredFile, Target } from "./target/Target.ts"
import { writeInlineMedia } from "./writeInlineMedia.ts"

/** What saving one output needs. */
export interface SaveOutputContext<E> extends DownloadOutputContext<E>, SaveCallbacks {
  /** The local folder of locks and part files. */
  readonly dir: string
  /** Where the finished file is stored. */
  readonly target: Target
  /** Whether to replace a file that is not this output. */
  readonly overwrite: boolean
}

const isSame =
  (listed: ListedOutput): IsSameOutput =>
  (identity) =>
    isSameOutput(listed, identity)

/** Fills a part file with an output until it is complete and synced, and describes it. */
const fillPartFile = Effect.fnUntraced(function* <E>(
  ref: string,
  listed: ListedOutput,
  part: PartFile,
  folder: PartFolder,
  context: SaveOutputContext<E>
) {
  const { output } = listed
  const { media, source } =
    output.url === null
      ? { media: yield* writeInlineMedia(output, part), source: listed }
      : yield* Effect.andThen(
          onDisk(part.path, (signal) => restorePartFile(part, folder, isSame(listed), signal)),
          downloadOutput(ref, listed, part, context)
        )
  // The disk is busy with the sync, so that the search takes no further time.
  const [, marks] = yield* onDisk(part.path, () =>
    Promise.all([part.handle.sync(), detectMarks(new FileWindow(part.handle, part.size), media.mediaType)])
  )
  context.progress?.complete(part.size)
  const file = {
    bytes: part.size,
    sha256: part.hash.copy().digest("hex"),
    mediaType: media.mediaType
  }
  return { extension: media.extension, file, source, details: { ...part.origin, marks } }
})

/** Closes a part file that was not stored. Its bytes are kept for the next owner of the lock. */
const abandon = async (part: PartFile, { dir, stem }: PartFolder, lock: SaveLock): Promise<void> =>
  (await lock.isHeld()) ? releasePartFile(part, releasedPartPath(dir, stem)) : discardPartFile(part)

const toFile = (
  { location, url }: StoredFile,
  { bytes, sha256, mediaType }: Pick<SavedFile, "bytes" | "sha256" | "mediaType">
): Omit<SavedFile, "output" | "alreadySaved"> => ({
  path: location,
  ...(url === undefined ? {} : { url }),
  bytes,
  sha256,
  mediaType
})

/** Downloads an output, and stores it under its name. */
const store = Effect.fnUntraced(function* <E>(
  snapshot: TaskSnapshot,
  listed: ListedOutput,
  part: PartFile,
  folder: PartFolder,
  lock: SaveLock,
  context: SaveOutputContext<E>
) {
  const { target, overwrite } = context
  const { extension, source, file, details } = yield* fillPartFile(
    snapshot.ref,
    listed,
    part,
    folder,
    context
  )
  const now = new Date(yield* Clock.currentTimeMillis)
  const name = `${folder.stem}.${extension}`
  const manifest = makeManifest(
    snapshot,
    listed.output,
    source.identity,
    { file: name, ...file, ...details },
    now
  )
  if (target.isRemote && listed.output.url !== null) {
    const note = { identity: source.identity, contentType: file.mediaType }
    yield* onDisk(part.path, () => noteCompletePart(part, note))
  }
  const put = target.put({ path: part.path, extension }, folder.stem, {
    manifest,
    overwrite,
    lock,
    onRetry: (reason) => context.onRetry?.(snapshot.ref, reason)
  })
  // If this were interrupted in the middle, the lock would be released while the file is only partly stored.
  return toFile(yield* Effect.uninterruptible(put), file)
})

/** The output as it is stored, if it is complete; fails if something else must not be replaced. */
const findSaved = Effect.fnUntraced(function* <E>(
  { own, foreign }: OutputPlace,
  { target, overwrite }: SaveOutputContext<E>
) {
  let inTheWay = foreign
  for (const entry of own) {
    const state = yield* target.check(entry)
    if (state === "Complete" && entry.manifest !== undefined) return toFile(entry, entry.manifest)
    if (state === "Foreign") inTheWay = entry
  }
  if (inTheWay === undefined || overwrite) return undefined
  return yield* new SaveFailure({ reason: { _tag: "FileExists", path: inTheWay.location } })
})

/** Saves an output while nothing else saves an output with its role of the task. */
const saveLocked = Effect.fnUntraced(function* <E>(
  snapshot: TaskSnapshot,
  listed: ListedOutput,
  stem: string,
  lock: SaveLock,
  context: SaveOutputContext<E>
) {
  const { dir, target } = context
  const { list, index, output } = listed
  const names = yield* onDisk(dir, () => readdir(dir))
  const entries = (yield* target.list(stem, names)).map((entry) =>
    entry.manifest?.role === list.role ? entry : { ...entry, manifest: undefined }
  )
  const place = findPlace(stem, list.identities, index, entries)
  const folder = { dir, stem: place.name, token: lock.token, names }
  const saved = yield* findSaved(place, context)
  const download = Effect.acquireUseRelease(
    onDisk(dir, () => openPartFile(folder, output.url === null ? undefined : isSame(listed))),
    (part) => store(snapshot, listed, part, folder, lock, context),
    // The file is stored, or the error is known: what cannot be removed or kept changes neither.
    (part, { _tag }) =>
      Effect.ignore(
        Effect.tryPromise(() => (_tag === "Success" ? closePartFile(part) : abandon(part, folder, lock)))
      )
  )
  const file = saved ?? (yield* download)
  yield* Effect.ignore(Effect.tryPromise(() => removeLeftovers(folder)))
  return { ...file, output, alreadySaved: saved !== undefined } satisfies SavedFile
})

/** Saves an output. Concurrent calls for outputs with the same role of a task wait for each other. */
export const saveOutput = <E>(
  snapshot: TaskSnapshot,
  listed: ListedOutput,
  context: SaveOutputContext<E>
): Effect.Effect<SavedFile, SaveFailure> => {
  const { ref, outputs } = snapshot
  const { dir, onProgress, onRetry, onWait } = context
  const { role } = listed.list
  const stem = roleStem(snapshot, role)
  const options = {
    dir,
    stem,
    onWait: (message: string) => onWait?.(ref, message),
    onTakeOver: (message: string) => onRetry?.(ref, message)
  }
  const index = outputs.indexOf(listed.output)
  const progress =
    onProgress &&
    new ProgressReporter((bytes, totalBytes) => onProgress(ref, { role, index, bytes, totalBytes }))
  return Effect.catchDefect(
    withLock(options, (lock) => saveLocked(snapshot, listed, stem, lock, { ...context, progress })),
    // For example an exception in a transport of the caller.
    (cause) => new SaveFailure({ reason: { _tag: "Unexpected", detail: String(cause) }, cause })
  )
}
