/** Packages as a stranger gets them: packed, and installed with npm into an empty project. */
import { execFile } from "node:child_process"
import { mkdir, writeFile } from "node:fs/promises"
import { isAbsolute, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const root = fileURLToPath(new URL("..", import.meta.url))

// npm and pnpm are scripts on Windows, which only a shell can start.
const run = (program: string, args: ReadonlyArray<string>, cwd: string) =>
  promisify(execFile)(program, args, { cwd, shell: process.platform === "win32" })

/** Packs a package of this workspace into a folder; answers the tarball's path. */
export const pack = async (name: string, into: string): Promise<string> => {
  const { stdout } = await run(
    "pnpm",
    ["pack", "--json", "--pack-destination", into],
    join(root, "packages", name)
  )
  const { filename } = JSON.parse(stdout) as { readonly filename: string }
  return isAbsolute(filename) ? filename : join(into, filename)
}

/** Makes an empty project and installs tarballs into it, and what they need from the registry. */
export const installInto = async (project: string, tarballs: ReadonlyArray<string>): Promise<void> => {
  await mkdir(project, { recursive: true })
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ name: "stranger", private: true, type: "module" })
  )
  await run(
    "npm",
    ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", ...tarballs],
    project
  )
}
