/** The JSON file beside a part file: what is needed to continue it, and to verify it before that. */
import { constants, rename } from "node:fs/promises"
import { parseIdentity } from "../OutputIdentity.ts"
import type { OutputIdentity } from "../OutputIdentity.ts"
import { noFollow, withFile } from "../openFile.ts"
import { removeFile } from "../removeFile.ts"

/** What identifies the remote file that the bytes of a part file belong to. */
export interface PartMetadata {
  /** Identifies the output, whose link may be another one the next time. */
  readonly identity: OutputIdentity
  /** A strong entity tag or modification date, for `If-Range`. */
  readonly validator: string
  /** Size of the complete file, in bytes. */
  readonly total: number | undefined
  /** The `Content-Type` header. */
  readonly contentType: string | undefined
}

/** What a note says about a part file. */
export interface PartNote extends PartMetadata {
  /** How many bytes the digest covers. The file may be longer. */
  readonly bytes: number
  /** SHA-256 digest in hexadecimal. */
  readonly sha256: string
}

/** The path of the note of a part file. */
export const notePath = (partPath: string): string => `${partPath}.json`

/** A validator is sent as a header, which cannot contain other characters. */
const validatorPattern = /^[\t\x20-\x7e\x80-\xff]+$/

const parseNote = (text: string): PartNote | undefined => {
  const json = JSON.parse(text) as Partial<Record<keyof PartNote, unknown>> | null
  const { identity: identityJson, validator, total, contentType, bytes, sha256 } = json ?? {}
  const identity = parseIdentity(identityJson)
  return identity !== undefined &&
    typeof validator === "string" &&
    validatorPattern.test(validator) &&
    typeof bytes === "number" &&
    Number.isSafeInteger(bytes) &&
    bytes > 0 &&
    typeof sha256 === "string"
    ? {
        identity,
        validator,
        total: typeof total === "number" ? total : undefined,
        contentType: typeof contentType === "string" ? contentType : undefined,
        bytes,
        sha256
      }
    : undefined
}

/** Reads the note of a part file; undefined if it is absent or invalid. Does not follow symbolic links. */
export const readNote = async (
  partPath: string
): Promise<{ readonly note: PartNote; readonly mtimeMs: number } | undefined> => {
  try {
    return await withFile(notePath(partPath), constants.O_RDONLY | noFollow, async (file) => {
      const stats = await file.stat()
      const note = stats.isFile() ? parseNote(await file.readFile("utf8")) : undefined
      return note && { note, mtimeMs: stats.mtimeMs }
    })
  } catch {
    return undefined
  }
}

/** Writes the note of a part file. It is replaced in one step, so that it is always complete. */
export const writeNote = async (partPath: string, note: PartNote): Promise<void> => {
  const path = notePath(partPath)
  const next = `${path}.new`
  await removeFile(next)
  try {
    // Fails if the path is a symbolic link.
    await withFile(next, "wx", (file) => file.writeFile(JSON.stringify(note)))
    await rename(next, path)
  } catch (error) {
    await removeFile(next)
    throw error
  }
}

/** Removes the note of a part file, if it exists. */
export const removeNote = async (partPath: string): Promise<void> => {
  await removeFile(notePath(partPath))
}
