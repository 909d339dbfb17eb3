/** A download under way: the bytes so far, and what proves that the rest belongs to them. */
import { createHash } from "node:crypto"
import type { Hash } from "node:crypto"
import { createReadStream } from "node:fs"
import { open, readFile, writeFile } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { removeFile } from "../removeFile.ts"

/** What the server said of the file that the bytes are of. */
export interface Validator {
  /** A strong entity tag or a date, for `If-Range`. */
  readonly validator: string
  /** The whole length, in bytes. */
  readonly total: number | undefined
}

/** A part file, open for writing at its end, with the digest of what it holds. */
export interface PartFile {
  readonly handle: FileHandle
  readonly path: string
  hash: Hash
  size: number
  known: Validator | undefined
}

const notePath = (path: string): string => `${path}.json`

const readNote = async (path: string): Promise<Validator | undefined> => {
  try {
    const note = JSON.parse(await readFile(notePath(path), "utf8")) as Partial<
      Record<keyof Validator, unknown>
    >
    if (typeof note.validator !== "string") return undefined
    return { validator: note.validator, total: typeof note.total === "number" ? note.total : undefined }
  } catch {
    return undefined
  }
}

/** Opens a file that nobody has yet; undefined where there is one. */
const openNew = (path: string): Promise<FileHandle | undefined> =>
  open(path, "wx+").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return undefined
    throw error
  })

/** Opens a part file; bytes of an earlier run are kept if it is known what they are of. */
export const openPartFile = async (path: string): Promise<PartFile> => {
  const hash = createHash("sha256")
  const fresh = await openNew(path)
  if (fresh !== undefined) return { handle: fresh, path, hash, size: 0, known: undefined }
  const known = await readNote(path)
  const handle = await open(path, known === undefined ? "w+" : "a+")
  const { size } = await handle.stat()
  return { handle, path, hash, size, known }
}

/** Takes the bytes of an earlier run into the digest. */
export const digestPart = async (part: PartFile, signal: AbortSignal): Promise<void> => {
  if (part.size === 0) return
  for await (const chunk of createReadStream(part.path, { end: part.size - 1, signal }))
    part.hash.update(chunk as Buffer)
}

/** Removes what was only needed while the download was under way. */
export const removeNote = (path: string): Promise<void> => removeFile(notePath(path))

/** Forgets the bytes so far, and notes what the coming ones are of. */
export const restart = async (part: PartFile, next: Validator | undefined): Promise<void> => {
  // No note may ever stand beside bytes of something else; a new one replaces it where there are no bytes.
  if (part.size > 0 || next === undefined) await removeNote(part.path)
  if (part.size > 0) await part.handle.truncate(0)
  part.hash = createHash("sha256")
  part.size = 0
  part.known = next
  if (next !== undefined) await writeFile(notePath(part.path), JSON.stringify(next))
}

/** How many bytes chunks have together. */
export const sizeOf = (chunks: ReadonlyArray<Uint8Array>): number =>
  chunks.reduce((size, { length }) => size + length, 0)

/** What is left of chunks behind their first bytes. */
const behind = (chunks: ReadonlyArray<Uint8Array>, bytes: number): ReadonlyArray<Uint8Array> => {
  let left = bytes
  return chunks.flatMap((chunk) => {
    const skipped = Math.min(left, chunk.length)
    left -= skipped
    return skipped === chunk.length ? [] : [chunk.subarray(skipped)]
  })
}

const write = async (
  handle: FileHandle,
  chunks: ReadonlyArray<Uint8Array>,
  position: number
): Promise<void> => {
  const { bytesWritten } = await handle.writev(chunks, position)
  // A file system may take less than it is given.
  const rest = behind(chunks, bytesWritten)
  if (rest.length > 0) await write(handle, rest, position + bytesWritten)
}

/** Adds chunks at the end. */
export const append = async (part: PartFile, chunks: ReadonlyArray<Uint8Array>): Promise<void> => {
  // The disk and the digest are busy at the same time.
  const written = write(part.handle, chunks, part.size)
  try {
    for (const chunk of chunks) part.hash.update(chunk)
  } finally {
    await written
  }
  part.size += sizeOf(chunks)
}
