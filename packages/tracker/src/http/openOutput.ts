/** Opens saved files, in the tracker's folder or at its target. */
import { constants } from "node:fs"
import { open, realpath } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { basename, isAbsolute, relative, sep } from "node:path"
import { Readable } from "node:stream"
import type { TargetConnection, TargetDownload } from "@gentask/core"
import * as Effect from "effect/Effect"
import type { Scope } from "effect/Scope"
import type { TaskRecord } from "../store/TrackerStore.ts"
import type { ByteRange } from "./byteRange.ts"
import { NotFound, Unavailable } from "./problems.ts"

type File = TaskRecord["files"][number]

/** A saved file that can be read. */
export interface OpenOutput {
  /** Fails if the file is missing or has changed. */
  readonly check: Effect.Effect<void, NotFound | Unavailable>
  /** Reads the file, or a part of it, until the scope is closed. */
  readonly read: (range: ByteRange | undefined) => Effect.Effect<Readable, NotFound | Unavailable, Scope>
}

const missing = (): NotFound =>
  new NotFound({ detail: "The saved file is missing, has changed, or is outside of the tracker's folder." })

const isBelow = (dir: string, path: string): boolean => {
  const below = relative(dir, path)
  return below !== "" && below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below)
}

/** Opens a file if it is below the folder, also after symbolic links have been followed. */
const openBelow = async (dir: string, path: string): Promise<FileHandle> => {
  const [root, target] = await Promise.all([realpath(dir), realpath(path)])
  if (!isBelow(root, target)) throw new Error("The path is outside of the folder.")
  // The path has no links left. One that was put there since is not followed. A named pipe does not block.
  return open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
}

const openFile = Effect.fnUntraced(function* (
  file: File,
  dir: string
): Effect.fn.Return<OpenOutput, NotFound, Scope> {
  const handle = yield* Effect.acquireRelease(
    Effect.tryPromise({ try: () => openBelow(dir, file.path), catch: missing }),
    (opened) => Effect.promise(() => opened.close().catch(() => undefined))
  )
  const stats = yield* Effect.tryPromise({ try: () => handle.stat(), catch: missing })
  if (!stats.isFile() || stats.size !== file.bytes) return yield* missing()
  return {
    check: Effect.void,
    read: (range) => Effect.sync(() => handle.createReadStream({ ...range, autoClose: false }))
  }
})

const unavailable = (): Unavailable =>
  new Unavailable({ detail: "The store of saved files does not respond, or rejects the request." })

/** A chunk is valid until the next one is requested, but the stream reads ahead. */
async function* copyChunks(body: TargetDownload["body"]): AsyncGenerator<Buffer, void> {
  for await (const chunk of body) yield Buffer.from(chunk)
}

const openAtTarget = (file: File, name: string, target: TargetConnection): OpenOutput => ({
  check: Effect.tryPromise({
    try: (signal) => target.check(name, file, signal),
    catch: unavailable
  }).pipe(Effect.flatMap((state) => (state === "complete" ? Effect.void : Effect.fail(missing())))),
  read: (range) =>
    Effect.acquireRelease(
      Effect.tryPromise({ try: (signal) => target.read(name, file, range, signal), catch: unavailable }),
      (download) => Effect.promise(async () => download?.close()),
      { interruptible: true }
    ).pipe(
      Effect.flatMap((download) =>
        download === undefined
          ? Effect.fail(missing())
          : Effect.succeed(Readable.from(copyChunks(download.body), { objectMode: false }))
      )
    )
})

/** Opens a saved file. Files that were saved into the folder before the target was configured are served, too. */
export const openOutput = (
  file: File,
  dir: string,
  target: TargetConnection | undefined
): Effect.Effect<OpenOutput, NotFound, Scope> => {
  const name = basename(file.path)
  return target?.locationOf(name) === file.path
    ? Effect.succeed(openAtTarget(file, name, target))
    : openFile(file, dir)
}
