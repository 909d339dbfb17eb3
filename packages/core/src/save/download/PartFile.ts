/** An unfinished download on disk. Each owner of the lock writes its own part file. */
import { createHash } from "node:crypto"
import type { Hash } from "node:crypto"
import { lstat, open, rename } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { removeFile } from "../removeFile.ts"
import type { FileOrigin } from "../target/Manifest.ts"
import { notePath, removeNote, writeNote } from "./PartNote.ts"
import type { PartMetadata, PartNote } from "./PartNote.ts"

/** How long after the first bytes the first note is written, and how long after others each further one, in milliseconds. */
const firstNoteMs = 50
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
  /** What the last response says about the file. Undefined before the first response. */
  origin: FileOrigin | undefined
  /** How often the bytes were discarded. */
  resets: number
  /** How many bytes the note covers; 0 if there is no note. */
  notedBytes: number
  noteTimer: NodeJS.Timeout | undefined
  /** Settles when the bytes are written. */
  writing: Promise<void>
  /** Settles when the note is written. */
  noting: Promise<void>
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
  origin: undefined,
  resets: 0,
  notedBytes: unverified?.bytes ?? 0,
  noteTimer: undefined,
  writing: Promise.resolve(),
  noting: Promise.resolve(),
  unverified
})

/** Creates an empty part file. Fails if the path exists, also if it is a symbolic link. */
export const createPartFile = async (path: string): Promise<PartFile> =>
  makePartFile(await open(path, "wx+"), path)

const note = async (part: PartFile): Promise<void> => {
  const { metadata, size, path } = part
  if (metadata === undefined || !part.isHashed || size === 0 || size === part.notedBytes) return
  const sha256 = part.hash.copy().digest("hex")
  await writeNote(path, { ...metadata, bytes: size, sha256 })
  part.notedBytes = size
}

/**
 * Writes a note, so that the next owner can continue the download after this process was killed. Never rejects: without a
 * new note, only the bytes that the last one does not cover are lost.
 */
export const notePartFile = (part: PartFile): Promise<void> => {
  part.noting = part.noting.then(() => note(part)).catch(() => undefined)
  return part.noting
}

/**
 * Writes a note that the file is complete, so that the next owner can store it without another request, also if it could not
 * have resumed the download.
 */
export const noteCompletePart = async (
  part: PartFile,
  { identity, contentType }: Pick<PartMetadata, "identity" | "contentType">
): Promise<void> => {
  // Never sent, since nothing is missing.
  const validator = part.metadata?.validator ?? '"complete"'
  part.metadata = { identity, contentType, ...part.metadata, validator, total: part.size }
  part.notedBytes = 0
  await notePartFile(part)
}

const scheduleNote = (part: PartFile): void => {
  if (part.metadata === undefined || part.noteTimer !== undefined) return
  const write = async (): Promise<void> => {
    await part.writing
    await notePartFile(part)
    part.noteTimer = undefined
  }
  part.noteTimer = setTimeout(() => void write(), part.notedBytes === 0 ? firstNoteMs : noteIntervalMs)
  part.noteTimer.unref()
}

/** Waits until nothing is being written. */
const settle = async (part: PartFile): Promise<void> => {
  clearTimeout(part.noteTimer)
  part.noteTimer = undefined
  await part.writing
  await part.noting
}

/** Discards the bytes of a part file, and sets the metadata of the bytes that will follow. */
export const resetPartFile = async (part: PartFile, metadata: PartMetadata | undefined): Promise<void> => {
  await settle(part)
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
  scheduleNote(part)
}

/** Appends chunks to a part file and to its digest. */
export const appendToPartFile = (part: PartFile, chunks: ReadonlyArray<Uint8Array>): Promise<void> => {
  const appended = append(part, chunks)
  part.writing = appended.catch(() => undefined)
  return appended
}

/** Whether the path is still that of the open file, which has the same size and no other name. */
export const isIntact = async ({ path, size, handle }: PartFile): Promise<boolean> => {
  const stats = await lstat(path, { bigint: true }).catch(() => undefined)
  if (stats?.isFile() !== true || stats.nlink > 1n || stats.size !== BigInt(size)) return false
  return stats.ino === (await handle.stat({ bigint: true })).ino
}

/** Closes a part file whose bytes are stored under another name, and removes its note. */
export const closePartFile = async (part: PartFile): Promise<void> => {
  await settle(part)
  await part.handle.close()
  if (part.notedBytes > 0) await removeNote(part.path)
}

/** Closes and removes a part file and its note. */
export const discardPartFile = async (part: PartFile): Promise<void> => {
  await closePartFile(part)
  await removeFile(part.path)
}

/**
 * Closes a part file after a failure. Keeps it as a file without an owner if the next owner of the lock can resume it,
 * and removes it otherwise.
 */
export const releasePartFile = async (part: PartFile, releasedPath: string): Promise<void> => {
  await settle(part)
  await notePartFile(part)
  const canResume = part.unverified !== undefined || (part.notedBytes > 0 && part.metadata !== undefined)
  if (!canResume) return discardPartFile(part)
  await part.handle.close()
  await rename(notePath(part.path), notePath(releasedPath))
  await rename(part.path, releasedPath)
}
