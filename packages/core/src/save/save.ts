/** Keeps what a task made: each output becomes a file that is whole, or is not there. */
import { access, constants, mkdir } from "node:fs/promises"
import { join, resolve, sep } from "node:path"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Output, OutputRole } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { fetchOutput } from "./download/fetchOutput.ts"
import type { FetchContext } from "./download/fetchOutput.ts"
import { outputStem } from "./target/fileName.ts"
import { findExisting, place } from "./target/Manifest.ts"
import { recognizeMedia } from "./download/MediaType.ts"
import { append, digestPart, removeNote, openPartFile, restart } from "./download/PartFile.ts"
import type { PartFile } from "./download/PartFile.ts"
import { SaveError } from "./SaveError.ts"
import type { SavedFile } from "./SavedFile.ts"
import { withLock } from "./SaveLock.ts"
import { removeFile } from "./removeFile.ts"

/** Options of saving. */
export interface SaveOptions {
  /** The folder; made if it is not there. */
  readonly dir: string
  /** Which outputs. @default ["result"], or all where a task has no result but something else */
  readonly roles?: ReadonlyArray<OutputRole> | "all" | undefined
  /** Replaces a file of the same name that is not this output. @default false */
  readonly overwrite?: boolean | undefined
  /** The largest file, in bytes. @default 8 GiB */
  readonly maxBytes?: number | undefined
  /** How many attempts in a row may bring not one new byte before a file is given up. @default 8, about half a minute */
  readonly attempts?: number | undefined
  /** How long one file may take. @default "1 hour" */
  readonly timeout?: Duration.Input | undefined
  /** A connection that brings fewer bytes a second than this, over half a minute, is given up and made anew. @default 1024 */
  readonly minSpeed?: number | undefined
  /** Told of each attempt that brought no whole file; another follows. */
  readonly onRetry?: ((ref: string, why: string) => void) | undefined
}

/** What saving needs of the engine. */
export type SaveContext<E> = Pick<FetchContext<E>, "transport" | "isLocal" | "credentials" | "refresh">

const onDisk = <A>(ref: string, path: string, use: () => Promise<A>): Effect.Effect<A, SaveError> =>
  Effect.tryPromise({ try: use, catch: (error) => SaveError.fromDisk(ref, path, error) })

/**
 * Makes a folder that can be written to. Most often it is there, which its own entry shows: a file has none, but on
 * Windows, where the lock is refused instead.
 */
const prepareFolder = (dir: string): Promise<void> =>
  access(`${dir}${sep}.`, constants.W_OK).catch(async () => {
    await mkdir(dir, { recursive: true })
    await access(dir, constants.W_OK)
  })

const choose = (snapshot: TaskSnapshot, roles: SaveOptions["roles"]): ReadonlyArray<Output> => {
  if (roles === "all") return snapshot.outputs
  const chosen = snapshot.outputs.filter((output) => (roles ?? ["result"]).includes(output.role))
  return chosen.length === 0 && roles === undefined ? snapshot.outputs : chosen
}

/** Writes media that came inside the answer. */
const writeInline = (snapshot: TaskSnapshot, output: Output, base64: string, part: PartFile) =>
  Effect.gen(function* () {
    const { ref } = snapshot
    const media = yield* onDisk(ref, part.path, async () => {
      await restart(part, undefined)
      await append(part, [Buffer.from(base64, "base64")])
      return recognizeMedia(part.handle, output.mediaType ?? undefined)
    })
    return (
      media ??
      (yield* SaveError.make(
        ref,
        "NotMedia",
        `the media inside the answer is no ${output.kind}. Ask the vendor.`
      ))
    )
  })

const saveOne = <E>(
  snapshot: TaskSnapshot,
  output: Output,
  options: SaveOptions,
  context: SaveContext<E>
) => {
  const dir = resolve(options.dir)
  const stem = outputStem(snapshot, output)
  return withLock(
    snapshot.ref,
    join(dir, `.${stem}.lock`),
    saveLocked(snapshot, output, dir, stem, options, context)
  )
}

/** Saves one output, while nobody else saves the same. */
const saveLocked = <E>(
  snapshot: TaskSnapshot,
  output: Output,
  dir: string,
  stem: string,
  options: SaveOptions,
  context: SaveContext<E>
) =>
  Effect.gen(function* () {
    const { ref } = snapshot
    const standing = yield* onDisk(ref, dir, () => findExisting(dir, stem, output))
    if (standing._tag === "Saved") return standing.file
    if (standing._tag === "Foreign" && options.overwrite !== true) {
      const advice = "Move it away, choose another folder, or allow it to be replaced (overwrite)."
      return yield* SaveError.make(
        ref,
        "FileExists",
        `${standing.path} is there already, and is not this output. ${advice}`
      )
    }
    const path = join(dir, `.${stem}.part`)
    const { bytes, sha256, media } = yield* Effect.acquireUseRelease(
      onDisk(ref, path, () => openPartFile(path)),
      (part) =>
        Effect.gen(function* () {
          yield* Effect.tryPromise({
            try: (signal) => digestPart(part, signal),
            catch: (error) => SaveError.fromDisk(ref, path, error)
          })
          const media = yield* output.inline === null
            ? fetchOutput(snapshot, output, part, {
                ...context,
                maxBytes: options.maxBytes ?? 8 * 1024 ** 3,
                minSpeed: options.minSpeed ?? 1024,
                attempts: options.attempts ?? 8,
                onRetry: options.onRetry
              })
            : writeInline(snapshot, output, output.inline.base64, part)
          yield* onDisk(ref, path, () => part.handle.sync())
          return { media, bytes: part.size, sha256: part.hash.digest("hex") }
        }),
      (part, exit) =>
        Effect.promise(async () => {
          await part.handle.close()
          // Bytes that nobody could go on from are of no use to anyone.
          if (exit._tag === "Failure" && (part.size === 0 || part.known === undefined)) {
            await removeFile(path)
            await removeNote(path)
          }
        })
    )
    const target = join(dir, `${stem}.${media.extension}`)
    const saved: SavedFile = {
      path: target,
      bytes,
      sha256,
      mediaType: media.mime,
      output,
      alreadySaved: false
    }
    const now = new Date(yield* Clock.currentTimeMillis)
    // Not to be left half done: the lock would be free, and the part file somebody else's.
    yield* Effect.uninterruptible(
      onDisk(ref, target, async () => {
        await place(path, saved, snapshot, now)
        await removeNote(path)
      })
    )
    return saved
  })

/**
 * Saves the outputs of a task, one after the other, and goes on past one that cannot be saved. Each that was saved
 * before is recognised and left as it is.
 */
export const save = <E>(
  snapshot: TaskSnapshot,
  options: SaveOptions,
  context: SaveContext<E>
): Effect.Effect<ReadonlyArray<SavedFile>, SaveError> =>
  Effect.gen(function* () {
    const { ref } = snapshot
    if (snapshot.status !== "succeeded") {
      const sentence = `it is ${snapshot.status}, so there is nothing to save. Wait until it has succeeded.`
      return yield* SaveError.make(ref, "NotSucceeded", sentence)
    }
    const outputs = choose(snapshot, options.roles)
    if (outputs.length === 0) {
      const what = options.roles === undefined ? "usable output" : "output of that role"
      const sentence = `the task succeeded, and the vendor's answer holds no ${what}. Ask for the raw answer to see why.`
      return yield* SaveError.make(ref, "NoOutput", sentence)
    }
    const dir = resolve(options.dir)
    yield* onDisk(ref, dir, () => prepareFolder(dir))
    const timeout = options.timeout ?? "1 hour"
    const late = Effect.suspend(() => {
      const limit = Duration.format(Duration.fromInputUnsafe(timeout))
      return SaveError.make(
        ref,
        "TimedOut",
        `saving took longer than ${limit}. Run the same again; what came so far is kept.`
      )
    })
    const results = yield* Effect.forEach(outputs, (output) =>
      Effect.result(
        Effect.timeoutOrElse(saveOne(snapshot, output, options, context), {
          duration: timeout,
          orElse: () => late
        })
      )
    )
    const saved = results.flatMap((result) => (result._tag === "Success" ? [result.success] : []))
    const failed = results.find((result) => result._tag === "Failure")
    return failed === undefined ? saved : yield* failed.failure.beside(saved)
  })
