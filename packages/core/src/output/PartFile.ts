/** A download under way: the bytes so far, and what proves that the rest belongs to them. */
import { createHash } from "node:crypto"
import type { Hash } from "node:crypto"
import { createReadStream } from "node:fs"
import { open, readFile, rm, writeFile } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"

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

/** Opens a part file; bytes of an earlier run are kept if it is known what they are of. */
export const openPart = async (path: string): Promise<PartFile> => {
  const known = await readNote(path)
  const handle = await open(path, known === undefined ? "w" : "a+")
  const { size } = await handle.stat()
  const part: PartFile = { handle, path, hash: createHash("sha256"), size, known }
  return part
}

/** Takes the bytes of an earlier run into the digest. */
export const digestPart = async (part: PartFile, signal: AbortSignal): Promise<void> => {
  if (part.size === 0) return
  for await (const chunk of createReadStream(part.path, { end: part.size - 1, signal }))
    part.hash.update(chunk as Buffer)
}

/** Forgets the bytes so far, and notes what the coming ones are of. */
export const restart = async (part: PartFile, next: Validator | undefined): Promise<void> => {
  await rm(notePath(part.path), { force: true })
  if (part.size > 0) await part.handle.truncate(0)
  part.hash = createHash("sha256")
  part.size = 0
  part.known = next
  if (next !== undefined) await writeFile(notePath(part.path), JSON.stringify(next))
}

const write = async (handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> => {
  for (let written = 0; written < bytes.length;) {
    const rest = bytes.length - written
    written += (await handle.write(bytes, written, rest, position + written)).bytesWritten
  }
}

/** Adds bytes at the end. */
export const append = async (part: PartFile, bytes: Uint8Array): Promise<void> => {
  // The disk and the digest are busy at the same time.
  const written = write(part.handle, bytes, part.size)
  part.hash.update(bytes)
  await written
  part.size += bytes.length
}

/** Removes what was only needed while the download was under way. */
export const forgetNote = (path: string): Promise<void> => rm(notePath(path), { force: true })
