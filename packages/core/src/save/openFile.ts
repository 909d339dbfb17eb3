/** Opens files of other owners with care. */
import { constants, open } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"

/** The flag that opens a pipe without waiting for its other end. Not every system has it. */
export const nonBlocking = constants.O_NONBLOCK ?? 0

/** Flags that open a file without following a symbolic link or waiting for a pipe. */
export const noFollow = (constants.O_NOFOLLOW ?? 0) | nonBlocking

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
