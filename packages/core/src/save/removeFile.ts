/** Removes a file that may not exist. `rm` with `force` would make two system calls. */
import { unlink } from "node:fs/promises"

/** Removes a file. Does nothing if it does not exist. */
export const removeFile = (path: string): Promise<void> =>
  unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error
  })
