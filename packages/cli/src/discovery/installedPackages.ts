import { existsSync, readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"

/** The content of a package.json. It is not validated. */
export type Manifest = Readonly<Record<string, unknown>>

/** A package in a `node_modules` folder. */
export interface InstalledPackage {
  readonly folder: string
  /** The content of its package.json, not parsed. */
  readonly manifestText: Buffer
}

/** Returns a folder and its parents, nearest first. */
export const foldersUpward = (from: string): ReadonlyArray<string> => {
  const parent = dirname(from)
  return parent === from ? [from] : [from, ...foldersUpward(parent)]
}

/** Returns the `node_modules` folders where Node looks for the imports of a module in this folder. */
export const nodeModulesFolders = (folder: string): ReadonlyArray<string> =>
  foldersUpward(folder)
    .filter((each) => basename(each) !== "node_modules")
    .map((each) => join(each, "node_modules"))
    .filter((each) => existsSync(each))

/** Finds a package in `node_modules` folders. Returns undefined if it is not installed. */
export const findPackage = (
  name: string,
  nodeModules: ReadonlyArray<string>
): InstalledPackage | undefined => {
  for (const parent of nodeModules) {
    const folder = join(parent, name)
    try {
      return { folder, manifestText: readFileSync(join(folder, "package.json")) }
    } catch {
      // Missing or unreadable: Node also continues with the next folder.
    }
  }
  return undefined
}

/** Parses a package.json. Returns undefined if it is not a JSON object. */
export const parseManifest = (text: Buffer): Manifest | undefined => {
  try {
    const content: unknown = JSON.parse(text.toString("utf8").replace(/^\uFEFF/, ""))
    return typeof content === "object" && content !== null ? (content as Manifest) : undefined
  } catch {
    return undefined
  }
}

/** Returns the version of a package.json, or null if it has none. */
export const versionOf = ({ version }: Manifest): string | null =>
  typeof version === "string" ? version : null

/** Names a package in a message: `The package @me/acme 1.2.0`. */
export const packageSubject = (name: string, version: string | null): string =>
  version === null ? `The package ${name}` : `The package ${name} ${version}`
