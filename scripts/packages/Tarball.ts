import { execFile } from "node:child_process"
import { mkdir, readFile, readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { pack } from "../../tooling/pack.ts"

const run = promisify(execFile)

type Ranges = Readonly<Record<string, string>>

/** A package.json. Other fields than these are not validated. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Ranges
  readonly peerDependencies?: Ranges
  readonly [field: string]: unknown
}

/** A package as it would be published, packed and unpacked again. */
export interface Tarball {
  /** The package's folder in `packages`. */
  readonly folder: string
  readonly manifest: Manifest
  /** The path of the tarball. */
  readonly path: string
  /** The folder into which it is unpacked. */
  readonly root: string
  /** The paths of all files, relative to `root`, with `/`. */
  readonly files: ReadonlyArray<string>
  /** The size of the tarball, in bytes. */
  readonly packed: number
  /** The size of all files, in bytes. */
  readonly unpacked: number
}

export const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest

const filesIn = async (root: string): Promise<ReadonlyArray<{ path: string; size: number }>> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ name, parentPath }) => {
        const path = join(parentPath, name)
        return { path: path.slice(root.length + 1).replaceAll("\\", "/"), size: (await stat(path)).size }
      })
  )
}

/** Packs `packages/<folder>` into the folder `into`, and unpacks it there. */
export const makeTarball = async (folder: string, into: string): Promise<Tarball> => {
  const path = await pack(folder, into)
  const target = join(into, folder)
  await mkdir(target, { recursive: true })
  await run("tar", ["-xzf", path, "-C", target])
  const root = join(target, "package")
  const files = await filesIn(root)
  return {
    folder,
    manifest: await readManifest(root),
    path,
    root,
    files: files.map((file) => file.path).toSorted(),
    packed: (await stat(path)).size,
    unpacked: files.reduce((sum, { size }) => sum + size, 0)
  }
}
