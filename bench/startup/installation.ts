/** A copy of the built packages as they would be installed, so that a concurrent build does not change it. */
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

/** Returns the names of a package's dependencies and peers. */
const dependenciesOf = (folder: string): ReadonlyArray<string> => {
  const { dependencies = {}, peerDependencies = {} } = manifestOf(folder)
  return Object.keys({ ...dependencies, ...peerDependencies })
}

/** Returns the folder of a package as Node resolves it from another folder; undefined if it is not installed. */
const findPackage = (name: string, from: string): string | undefined => {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name)
    if (existsSync(found)) return realpathSync(found)
    if (dirname(folder) === folder) return undefined
  }
}

/** Returns the folders of a package and of all its direct and indirect dependencies. */
export const closureOf = (folder: string, known = new Set<string>()): ReadonlySet<string> => {
  const real = realpathSync(folder)
  if (known.has(real)) return known
  known.add(real)
  for (const name of dependenciesOf(real)) {
    const dependency = findPackage(name, real)
    if (dependency !== undefined) closureOf(dependency, known)
  }
  return known
}

/** Copies the built packages into a new folder. Disposing removes it. */
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
    for (const dependency of name === "cli" ? [] : dependenciesOf(from)) {
      const target = findPackage(dependency, from)
      const link = join(modules, dependency)
      mkdirSync(dirname(link), { recursive: true })
      if (target !== undefined && !dependency.startsWith("@gentask/") && !existsSync(link))
        symlinkSync(target, link)
    }
  }
  return {
    folder,
    /** Returns the folder of an installed package of gentask. */
    folderOf: (name: string): string => join(modules, "@gentask", name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true })
  }
}

/** Returns the folder of a dependency of this benchmark. */
export const peerFolder = (name: string): string =>
  realpathSync(fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url)))
