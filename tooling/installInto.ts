import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"

/** Installs tarballs, and their dependencies from the registry, into a project; creates the project if it is missing. */
export const installInto = async (project: string, tarballs: ReadonlyArray<string>): Promise<void> => {
  const manifest = join(project, "package.json")
  if (!existsSync(manifest)) {
    await mkdir(project, { recursive: true })
    await writeFile(manifest, JSON.stringify({ name: "project", private: true, type: "module" }))
  }
  const options = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
  await promisify(execFile)("npm", ["install", ...options, ...tarballs], {
    cwd: project,
    // npm is a script on Windows, which needs a shell.
    shell: process.platform === "win32"
  })
}
