/** Packages as Node would find them from a folder, read by their package.json alone. */
import { existsSync, readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"

/** What a package.json holds: nothing of it is checked. */
export type Manifest = Readonly<Record<string, unknown>>

/** A package in a `node_modules` folder. */
export interface InstalledPackage {
  readonly folder: string
  /** The text of its package.json. */
  readonly text: Buffer
}

/** A folder and those above it, the nearest first. */
export const upwards = (from: string): ReadonlyArray<string> => {
  const above = dirname(from)
  return above === from ? [from] : [from, ...upwards(above)]
}

/** The `node_modules` folders in which Node looks for what a module in this folder imports. */
export const nodeModulesOf = (folder: string): ReadonlyArray<string> =>
  upwards(folder)
    .filter((each) => basename(each) !== "node_modules")
    .map((each) => join(each, "node_modules"))
    .filter((each) => existsSync(each))

/** Finds a package in these `node_modules` folders; undefined if it is in none. */
export const findPackage = (
  name: string,
  nodeModules: ReadonlyArray<string>
): InstalledPackage | undefined => {
  for (const within of nodeModules) {
    const folder = join(within, name)
    try {
      return { folder, text: readFileSync(join(folder, "package.json")) }
    } catch {
      // It is not in this one, or cannot be read there: Node goes on to the next.
    }
  }
  return undefined
}

/** Reads the text of a package.json; undefined if it is no JSON object. */
export const parseManifest = (text: Buffer): Manifest | undefined => {
  try {
    const content: unknown = JSON.parse(text.toString("utf8").replace(/^\uFEFF/, ""))
    return typeof content === "object" && content !== null ? (content as Manifest) : undefined
  } catch {
    return undefined
  }
}

/** The version that a package.json tells; null if it tells none. */
export const versionIn = ({ version }: Manifest): string | null =>
  typeof version === "string" ? version : null

/** A package as sentences name it: `The package @me/acme 1.2.0`. */
export const packageSubject = (name: string, version: string | null): string =>
  `The package ${[name, version].filter((word) => word !== null).join(" ")}`
