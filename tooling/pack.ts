import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const packages = fileURLToPath(new URL("../packages", import.meta.url))

/**
 * Packs `packages/<name>` into a folder as it would be published, and returns the path of the tarball. A package that is
 * already packed there is not packed again.
 */
export const pack = async (name: string, folder: string): Promise<string> => {
  const tarball = join(folder, `${name}.tgz`)
  if (!existsSync(tarball)) {
    await promisify(execFile)("pnpm", ["pack", "--out", tarball], {
      cwd: join(packages, name),
      // pnpm is a script on Windows, which needs a shell.
      shell: process.platform === "win32"
    })
  }
  return tarball
}
