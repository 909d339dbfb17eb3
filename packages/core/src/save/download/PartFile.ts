/** An unfinished download on disk: the bytes received so far, and the metadata that is needed to resume it. */
import { createHash } from "node:crypto"
import type { Hash } from "node:crypto"
import { open, readFile, writeFile } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { hashFile } from "../hashFile.ts"
import { removeFile } from "../removeFile.ts"

/** What identifies the remote file that the bytes belong to. Stored beside the part file as JSON. */
export interface PartMetadata {
  /** A strong entity tag or a modification date, for `If-Range`. */
  readonly validator: string
  /** Size of the complete file, in bytes. */
  readonly total: number | undefined
}

/** An open part file. */
export interface PartFile {
  readonly handle: FileHandle
  readonly path: string
  /** The SHA-256 digest of the bytes so far. */
  hash: Hash
  /** How many bytes the file has. */
  size: number
  /** Undefined if the download cannot be resumed. */
  metadata: PartMetadata | undefined
}

const metadataPath = (path: string): string => `${path}.json`

const readMetadata = async (path: string): Promise<PartMetadata | undefined> => {
  try {
    const json = JSON.parse(await readFile(metadataPath(path), "utf8")) as Partial<
      Record<keyof PartMetadata, unknown>
    >
    if (typeof json.validator !== "string") return undefined
    return { validator: json.validator, total: typeof json.total === "number" ? json.total : undefined }
  } catch {
    return undefined
  }
}

/** Creates a file; undefined if it exists. */
const createFile = (path: string): Promise<FileHandle | undefined> =>
  open(path, "wx+").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return undefined
    throw error
  })

/** Opens or creates a part file. Existing bytes are kept only if their metadata is readable. */
export const openPartFile = async (path: string): Promise<PartFile> => {
  const hash = createHash("sha256")
  const created = await createFile(path)
  if (created !== undefined) return { handle: created, path, hash, size: 0, metadata: undefined }
  const metadata = await readMetadata(path)
  const handle = await open(path, metadata === undefined ? "w+" : "a+")
  const { size } = await handle.stat()
  return { handle, path, hash, size, metadata }
}

/** Adds the bytes of an earlier run to the digest. */
export const hashExistingBytes = async (part: PartFile, signal: AbortSignal): Promise<void> => {
  await hashFile(part.path, part.hash, { bytes: part.size, signal })
}

/** Removes the metadata of a part file, if it exists. */
export const removeMetadata = (path: string): Promise<void> => removeFile(metadataPath(path))

/** Discards the bytes of a part file, and stores the metadata of the bytes that will follow. */
export const resetPartFile = async (part: PartFile, metadata: PartMetadata | undefined): Promise<void> => {
  // Metadata must never exist beside bytes of another file. An empty part needs no removal: it is overwritten.
  if (part.size > 0 || metadata === undefined) await removeMetadata(part.path)
  if (part.size > 0) await part.handle.truncate(0)
  part.hash = createHash("sha256")
  part.size = 0
  part.metadata = metadata
  if (metadata !== undefined) await writeFile(metadataPath(part.path), JSON.stringify(metadata))
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

/** Appends chunks to a part file and to its digest. */
export const appendToPartFile = async (part: PartFile, chunks: ReadonlyArray<Uint8Array>): Promise<void> => {
  // Hash while the write is in progress.
  const written = writeAll(part.handle, chunks, part.size)
  try {
    for (const chunk of chunks) part.hash.update(chunk)
  } finally {
    await written
  }
  part.size += totalBytes(chunks)
}
