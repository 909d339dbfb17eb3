/** The file with a target's note about an unfinished upload. */
import { createHash } from "node:crypto"
import { constants, rename } from "node:fs/promises"
import { join } from "node:path"
import { ownedPath } from "../hiddenFiles.ts"
import { noFollow, withFile } from "../openFile.ts"
import { removeFile } from "../removeFile.ts"
import type { UploadNote } from "./SaveTarget.ts"

/** No note is larger, in bytes. */
const maxBytes = 4 * 1024 ** 2

/** Where the note of an upload is. */
export interface UploadNotePlace {
  readonly dir: string
  /** The stem of the output's file name. */
  readonly stem: string
  /** The token of the lock that is held. */
  readonly token: string
  /** What identifies the target and the name. */
  readonly id: string
}

const readNote = async (path: string): Promise<string | undefined> => {
  try {
    return await withFile(path, constants.O_RDONLY | noFollow, async (file) => {
      const stats = await file.stat()
      return stats.isFile() && stats.size <= maxBytes ? await file.readFile("utf8") : undefined
    })
  } catch {
    return undefined
  }
}

/** Creates the note of an upload. The file is replaced in one step, so that it is always complete. */
export const uploadNote = ({ dir, stem, token, id }: UploadNotePlace): UploadNote => {
  const digest = createHash("sha256").update(id).digest("hex").slice(0, 12)
  const path = join(dir, `.${stem}.upload-${digest}.json`)
  const next = ownedPath(dir, stem, token, "upload")
  return {
    read: () => readNote(path),
    write: async (text) => {
      await removeFile(next)
      // Fails if the path is a symbolic link.
      await withFile(next, "wx", async (file) => {
        await file.writeFile(text)
        await file.sync()
      })
      await rename(next, path)
    },
    remove: () => removeFile(path)
  }
}
