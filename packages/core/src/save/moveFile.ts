/** Moves files without replacing others. */
import { link, lstat, rename } from "node:fs/promises"
import { removeFile } from "./removeFile.ts"

/** Codes of file systems without hard links. */
const unsupported: ReadonlySet<string | undefined> = new Set([
  "EPERM",
  "ENOSYS",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EMLINK",
  "EINVAL",
  "UNKNOWN"
])

/** Whether anything has this path, including a symbolic link that leads nowhere. */
export const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false
      throw error
    }
  )

/**
 * Moves a file unless the new path is taken. `rename` would replace the file there.
 *
 * @returns Whether the file was moved.
 */
export const moveUnlessExists = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "EEXIST") return false
    if (!unsupported.has(code)) throw error
    if (await exists(to)) return false
    await rename(from, to)
    return true
  }
  await removeFile(from)
  return true
}

/** Moves a file back to where `moveAside` found it, unless another file has taken its place. */
export const putBack = async (aside: string, path: string): Promise<void> => {
  if (!(await moveUnlessExists(aside, path))) await removeFile(aside)
}

/**
 * Moves a file out of the way if it is the expected one. Nothing can replace the file between the check and the move,
 * because the check follows the move: another file is put back.
 *
 * @param isExpected Checks the file at its new path.
 * @returns Whether the file was moved.
 */
export const moveAside = async (
  path: string,
  aside: string,
  isExpected: (aside: string) => Promise<boolean>
): Promise<boolean> => {
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false
    throw error
  }
  if (await isExpected(aside)) return true
  await putBack(aside, path)
  return false
}
