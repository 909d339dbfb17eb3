/** A package as the registry gets it: packed by pnpm, and unpacked again to be looked at. */
import { execFile } from "node:child_process"
import { mkdir, readFile, readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { pack } from "../../test/packed.ts"

const run = promisify(execFile)

type Ranges = Readonly<Record<string, string>>

/** What is read of a package.json; the registry's fields may be missing or wrong. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Ranges
  readonly peerDependencies?: Ranges
  readonly [field: string]: unknown
}

export interface Tarball {
  /** The package's folder in `packages`. */
  readonly folder: string
  readonly manifest: Manifest
  /** The packed file. */
  readonly path: string
  /** Where it is unpacked. */
  readonly root: string
  /** Every file in it, relative to `root`, with `/`. */
  readonly files: ReadonlyArray<string>
  /** In bytes, as a download. */
  readonly packed: number
  /** In bytes, once installed. */
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

/** Packs `packages/<folder>` into the folder `into`. */
export const makeTarball = async (folder: string, into: string): Promise<Tarball> => {
  const path = await pack(folder, into)
  const unpackedIn = join(into, folder)
  await mkdir(unpackedIn, { recursive: true })
  await run("tar", ["-xzf", path, "-C", unpackedIn])
  const root = join(unpackedIn, "package")
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
