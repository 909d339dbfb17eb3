/** Removing a file that may be gone: one call of the file system, where `rm` makes two. */
import { unlink } from "node:fs/promises"

/** Removes a file, if there is one. */
export const removeFile = (path: string): Promise<void> =>
  unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error
  })
