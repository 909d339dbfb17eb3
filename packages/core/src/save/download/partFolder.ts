/** Finds the part files that earlier owners of the lock have left, and continues them. */
import { createHash } from "node:crypto"
import { constants, lstat, open, rename } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { basename, join } from "node:path"
import { hashFile, readChunks } from "../hashFile.ts"
import { ownedPath, parseOwnedName, releasedPartPath } from "../hiddenFiles.ts"
import { staleAfterMs } from "../lock/lockFile.ts"
import { livenessOf } from "../../process/processToken.ts"
import { noFollow, withFile } from "../openFile.ts"
import type { OutputIdentity } from "../OutputIdentity.ts"
import { removeFile } from "../removeFile.ts"
import { appendToPartFile, createPartFile, makePartFile, notePartFile, resetPartFile } from "./PartFile.ts"
import type { PartFile } from "./PartFile.ts"
import { notePath, readNote } from "./PartNote.ts"
import type { PartNote } from "./PartNote.ts"

/** Whether a part file with this identity belongs to the output that is saved. */
export type IsSameOutput = (identity: OutputIdentity) => boolean

/** Where the part files of an output are. */
export interface PartFolder {
  readonly dir: string
  /** The stem of the output's file name. */
  readonly stem: string
  /** The token of the lock that is held. */
  readonly token: string
  /** The names of the files in the folder when the lock was acquired. */
  readonly names: ReadonlyArray<string>
}

/** Whether a file can be used as a part file: it is no folder or device, and has no other name. */
const isOrdinary = async (file: FileHandle): Promise<boolean> => {
  const stats = await file.stat()
  return stats.isFile() && stats.nlink <= 1
}

/** Removes a part file and its note. A folder of that name is left. */
const removePart = async (path: string): Promise<void> => {
  for (const each of [path, notePath(path)]) {
    const stats = await lstat(each).catch(() => undefined)
    if (stats?.isDirectory() === false) await removeFile(each)
  }
}

/** Takes over the part file that has no owner, if it belongs to the output. It is not verified yet. */
const claimReleased = async (
  { dir, stem, names }: PartFolder,
  path: string,
  isSame: IsSameOutput
): Promise<PartFile | undefined> => {
  const released = releasedPartPath(dir, stem)
  if (!names.includes(basename(released))) return undefined
  const found = await readNote(released)
  if (found === undefined || !isSame(found.note.identity)) return undefined
  try {
    if ((await lstat(released)).isDirectory()) return undefined
    await rename(released, path)
    await rename(notePath(released), notePath(path))
    const file = await open(path, constants.O_RDWR | noFollow)
    if (await isOrdinary(file)) return makePartFile(file, path, found.note)
    await file.close()
  } catch {
    // Another process has taken it over, or it is not a file, for example a symbolic link.
  }
  await removePart(path)
  return undefined
}

/**
 * Opens a new part file, or takes over the one that has no owner. Call `restorePartFile` before its use.
 *
 * @param isSame Undefined if nothing can be resumed.
 */
export const openPartFile = async (
  folder: PartFolder,
  isSame: IsSameOutput | undefined
): Promise<PartFile> => {
  const path = ownedPath(folder.dir, folder.stem, folder.token, "part")
  const claimed = isSame === undefined ? undefined : await claimReleased(folder, path, isSame)
  return claimed ?? createPartFile(path)
}

const setVerified = (part: PartFile, note: PartNote): void => {
  const { identity, validator, total, contentType } = note
  part.size = note.bytes
  part.metadata = { identity, validator, total, contentType }
  part.unverified = undefined
}

/** Verifies the bytes of a part file that had no owner. */
const verify = async (part: PartFile, note: PartNote, signal: AbortSignal): Promise<void> => {
  const { bytes, sha256 } = note
  const hash = await hashFile(part.handle, createHash("sha256"), { bytes, signal })
  const { size } = await part.handle.stat()
  if (size < bytes || hash.copy().digest("hex") !== sha256) return resetPartFile(part, undefined)
  // Bytes that were written after the note are not verified.
  await part.handle.truncate(bytes)
  part.hash = hash
  setVerified(part, note)
}

/** The part file of another owner. */
interface Predecessor {
  readonly path: string
  readonly token: string
  readonly note: PartNote
  readonly mtimeMs: number
}

const findPredecessors = async (
  { dir, stem, token, names }: PartFolder,
  isSame: IsSameOutput
): Promise<ReadonlyArray<Predecessor>> => {
  const owners = names.flatMap((name) => {
    const owned = parseOwnedName(name, stem)
    return owned?.suffix === "part" && owned.token !== token ? [owned.token] : []
  })
  const found = owners.map(async (owner) => {
    const path = ownedPath(dir, stem, owner, "part")
    const read = await readNote(path)
    return read !== undefined && isSame(read.note.identity) ? { path, token: owner, ...read } : undefined
  })
  const predecessors = (await Promise.all(found)).filter((each) => each !== undefined)
  return predecessors.toSorted((one, other) => other.mtimeMs - one.mtimeMs)
}

/**
 * Copies the bytes that the note of another owner covers. The owner may still be writing: each byte is hashed as it is
 * copied.
 */
const copyVerified = async (
  part: PartFile,
  { path, note }: Predecessor,
  signal: AbortSignal
): Promise<boolean> => {
  await withFile(path, constants.O_RDONLY | noFollow, async (file) => {
    if (!(await file.stat()).isFile()) return
    for await (const chunk of readChunks(file, { bytes: note.bytes, signal }))
      await appendToPartFile(part, [chunk])
  })
  const isVerified = part.size === note.bytes && part.hash.copy().digest("hex") === note.sha256
  if (isVerified) setVerified(part, note)
  else await resetPartFile(part, undefined)
  return isVerified
}

const copyNewest = async (
  part: PartFile,
  predecessors: ReadonlyArray<Predecessor>,
  signal: AbortSignal
): Promise<void> => {
  for (const predecessor of predecessors) {
    const isDead = livenessOf(predecessor.token) === "dead"
    try {
      if (!(await copyVerified(part, predecessor, signal))) continue
      await notePartFile(part)
      if (isDead) await removePart(predecessor.path)
      return
    } catch (error) {
      signal.throwIfAborted()
      await resetPartFile(part, undefined)
      // There may be no space for a copy, but enough to start again.
      const { code } = error as NodeJS.ErrnoException
      if (isDead && (code === "ENOSPC" || code === "EDQUOT")) await removePart(predecessor.path)
    }
  }
}

/** Verifies the bytes that a part file was opened with, or copies those of the newest part file of another owner. */
export const restorePartFile = async (
  part: PartFile,
  folder: PartFolder,
  isSame: IsSameOutput,
  signal: AbortSignal
): Promise<void> => {
  if (part.unverified !== undefined) await verify(part, part.unverified, signal)
  if (part.size > 0) return
  await copyNewest(part, await findPredecessors(folder, isSame), signal)
}

const isStale = (path: string): Promise<boolean> =>
  lstat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs >= staleAfterMs,
    () => false
  )

/** Removes the files of other owners for a finished output, unless their process may still use them. */
export const removeLeftovers = async ({ dir, stem, token, names }: PartFolder): Promise<void> => {
  const released = releasedPartPath(dir, stem)
  if (names.includes(basename(released))) await removePart(released)
  for (const name of names) {
    const owner = parseOwnedName(name, stem)?.token
    if (owner === undefined || owner === token) continue
    const path = join(dir, name)
    const liveness = livenessOf(owner)
    if (liveness === "dead" || (liveness === "unknown" && (await isStale(path)))) await removeFile(path)
  }
}
