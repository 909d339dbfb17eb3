/** Opens files of other owners with care. */
import { constants, open } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"

/** Flags that open a file without following a symbolic link or waiting for a pipe. Not every system has them. */
export const noFollow = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Opens a file, and closes it after its use. */
export const withFile = async <A>(
  path: string,
  flags: string | number,
  use: (file: FileHandle) => Promise<A>
): Promise<A> => {
  const file = await open(path, flags)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}
