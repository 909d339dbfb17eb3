/** The built packages as they would be installed, copied, so that a build going on beside disturbs nothing. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const packages = fileURLToPath(new URL("../../packages/", import.meta.url))
const published = ["core", "provider-jimmy", "provider-sora", "provider-jimeng", "provider-aigptimage", "cli"]

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest

/** What a package needs at run time: the names of its dependencies and peers. */
const needsOf = (folder: string): ReadonlyArray<string> => {
  const { dependencies = {}, peerDependencies = {} } = manifestOf(folder)
  return Object.keys({ ...dependencies, ...peerDependencies })
}

/** The folder of a package, as Node would find it from another one; undefined where it is not installed. */
const findPackage = (name: string, from: string): string | undefined => {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name)
    if (existsSync(found)) return realpathSync(found)
    if (dirname(folder) === folder) return undefined
  }
}

/** The folders of a package and of everything that it needs. */
export const closureOf = (folder: string, known = new Set<string>()): ReadonlySet<string> => {
  const real = realpathSync(folder)
  if (known.has(real)) return known
  known.add(real)
  for (const name of needsOf(real)) {
    const needed = findPackage(name, real)
    if (needed !== undefined) closureOf(needed, known)
  }
  return known
}

/** Copies the built packages into a new folder; disposing removes it. */
export const install = () => {
  const folder = mkdtempSync(join(tmpdir(), "gentask-bench-"))
  const modules = join(folder, "node_modules")
  mkdirSync(join(modules, "@gentask"), { recursive: true })
  for (const name of published) {
    const from = join(packages, name)
    cpSync(from, join(modules, "@gentask", name), {
      recursive: true,
      filter: (path) => !/\/(node_modules|test|\.turbo)$/.test(path)
    })
    for (const needed of name === "cli" ? [] : needsOf(from)) {
      const target = findPackage(needed, from)
      const link = join(modules, needed)
      mkdirSync(dirname(link), { recursive: true })
      if (target !== undefined && !needed.startsWith("@gentask/") && !existsSync(link))
        symlinkSync(target, link)
    }
  }
  return {
    folder,
    /** The folder of an installed package of ours. */
    folderOf: (name: string): string => join(modules, "@gentask", name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true })
  }
}

/** The folder of a peer that this folder depends on. */
export const peerFolder = (name: string): string =>
  realpathSync(fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url)))
