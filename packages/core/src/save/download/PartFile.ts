/** An unfinished download on disk. Each owner of the lock writes a part file of its own. */
import { createHash } from "node:crypto"
import type { Hash } from "node:crypto"
import { lstat, open, rename } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { removeFile } from "../removeFile.ts"
import { notePath, removeNote, writeNote } from "./PartNote.ts"
import type { PartMetadata, PartNote } from "./PartNote.ts"

/** How long a note may be older than the bytes, in milliseconds. */
const noteIntervalMs = 250

/** An open part file. */
export interface PartFile {
  readonly handle: FileHandle
  readonly path: string
  /** The SHA-256 digest of the bytes so far. */
  hash: Hash
  /** Whether the digest covers exactly `size` bytes, which it does not while a write is in progress. */
  isHashed: boolean
  /** How many bytes the file has. */
  size: number
  /** Undefined if the download cannot be resumed. */
  metadata: PartMetadata | undefined
  /** How often the bytes were discarded. */
  resets: number
  /** How many bytes the note covers; 0 if there is no note. */
  notedBytes: number
  notedAt: number
  /** Settles when no write is in progress. */
  writing: Promise<void>
  /** The note of an earlier owner, until the bytes are verified. */
  unverified: PartNote | undefined
}

/** Describes an open part file that has no verified bytes. */
export const makePartFile = (handle: FileHandle, path: string, unverified?: PartNote): PartFile => ({
  handle,
  path,
  hash: createHash("sha256"),
  isHashed: true,
  size: 0,
  metadata: undefined,
  resets: 0,
  notedBytes: unverified?.bytes ?? 0,
  notedAt: 0,
  writing: Promise.resolve(),
  unverified
})

/** Creates an empty part file. Fails if the path exists, also if it is a symbolic link. */
export const createPartFile = async (path: string): Promise<PartFile> =>
  makePartFile(await open(path, "wx+"), path)

/** Writes a note, so that the next owner can continue the download after this process was killed. */
export const notePartFile = async (part: PartFile): Promise<void> => {
  const { metadata, size, path } = part
  if (metadata === undefined || !part.isHashed || size === 0 || size === part.notedBytes) return
  const note = { ...metadata, bytes: size, sha256: part.hash.copy().digest("hex") }
  await writeNote(path, note, part.notedBytes === 0)
  part.notedBytes = size
  part.notedAt = Date.now()
}

/** Discards the bytes of a part file, and sets the metadata of the bytes that will follow. */
export const resetPartFile = async (part: PartFile, metadata: PartMetadata | undefined): Promise<void> => {
  // A note must never exist beside bytes of another file.
  if (part.notedBytes > 0) await removeNote(part.path)
  part.notedBytes = 0
  if (part.size > 0 || part.unverified !== undefined) await part.handle.truncate(0)
  part.hash = createHash("sha256")
  part.isHashed = true
  part.size = 0
  part.metadata = metadata
  part.unverified = undefined
  part.resets += 1
}

/** The total size of chunks, in bytes. */
export const totalBytes = (chunks: ReadonlyArray<Uint8Array>): number =>
  chunks.reduce((size, { length }) => size + length, 0)

/** The chunks without their first `bytes` bytes. */
const dropBytes = (chunks: ReadonlyArray<Uint8Array>, bytes: number): ReadonlyArray<Uint8Array> => {
  let remaining = bytes
  return chunks.flatMap((chunk) => {
    const dropped = Math.min(remaining, chunk.length)
    remaining -= dropped
    return dropped === chunk.length ? [] : [chunk.subarray(dropped)]
  })
}

const writeAll = async (
  handle: FileHandle,
  chunks: ReadonlyArray<Uint8Array>,
  position: number
): Promise<void> => {
  const { bytesWritten } = await handle.writev(chunks, position)
  // A file system may write fewer bytes than requested.
  const rest = dropBytes(chunks, bytesWritten)
  if (rest.length > 0) await writeAll(handle, rest, position + bytesWritten)
}

const append = async (part: PartFile, chunks: ReadonlyArray<Uint8Array>): Promise<void> => {
  part.isHashed = false
  // Hash while the write is in progress.
  const written = writeAll(part.handle, chunks, part.size)
  try {
    for (const chunk of chunks) part.hash.update(chunk)
  } finally {
    await written
  }
  part.size += totalBytes(chunks)
  part.isHashed = true
  const isNoteDue = part.notedBytes === 0 || Date.now() - part.notedAt >= noteIntervalMs
  // Without a note, only the bytes are lost if this process is killed.
  if (isNoteDue && part.size !== part.metadata?.total) await notePartFile(part).catch(() => undefined)
}

/** Appends chunks to a part file and to its digest. */
export const appendToPartFile = (part: PartFile, chunks: ReadonlyArray<Uint8Array>): Promise<void> => {
  const appended = append(part, chunks)
  part.writing = appended.catch(() => undefined)
  return appended
}

/** Whether the file at the path is still the one that is open, and has no other name. */
export const isIntact = async (part: PartFile): Promise<boolean> => {
  const [open, named] = await Promise.all([
    part.handle.stat({ bigint: true }),
    lstat(part.path, { bigint: true }).catch(() => undefined)
  ])
  return open.ino === named?.ino && open.nlink <= 1n && open.size === BigInt(part.size)
}

/** Closes and removes a part file and its note. */
export const discardPartFile = async (part: PartFile): Promise<void> => {
  await part.handle.close()
  await removeFile(part.path)
  if (part.notedBytes > 0) await removeNote(part.path)
}

/**
 * Closes a part file after a failure. Keeps it as a file without an owner if the next owner of the lock can resume it,
 * and removes it otherwise.
 */
export const releasePartFile = async (part: PartFile, releasedPath: string): Promise<void> => {
  await part.writing
  // A note that cannot be written leaves the last one, which covers fewer bytes.
  await notePartFile(part).catch(() => undefined)
  const canResume = part.unverified !== undefined || (part.notedBytes > 0 && part.metadata !== undefined)
  if (!canResume) return discardPartFile(part)
  await part.handle.close()
  await rename(notePath(part.path), notePath(releasedPath))
  await rename(part.path, releasedPath)
}
