/** The providers that a configuration file names under `plugins`: a file of the project, or a package. */
import { statSync } from "node:fs"
import { dirname, isAbsolute, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { versionProblemIn } from "./Claim.ts"
import { unusable } from "./FoundProvider.ts"
import type { FoundProvider } from "./FoundProvider.ts"
import { importSpec } from "./importSpec.ts"
import { findPackage, nodeModulesOf, packageSubject, parseManifest, versionIn } from "./packages.ts"

/** A plugin as a configuration file names it. */
export interface NamedPlugin {
  readonly id: string
  /** A path that begins with a dot or is absolute, else the name of a package. */
  readonly module: string
  /** The configuration file. */
  readonly file: string
}

const isPath = (module: string): boolean => /^\.{1,2}[/\\]/.test(module) || isAbsolute(module)

const fromFile = ({ id, module, file }: NamedPlugin): FoundProvider => {
  const path = resolve(dirname(file), module)
  const found = { id, version: null, source: { kind: "configuration", package: null, path } } as const
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    return unusable(
      found,
      `There is no file ${path}, which plugins in ${file} names for ${id}. Mend the path there: it begins at that file's folder.`
    )
  }
  const specifier = pathToFileURL(path).href
  const load = importSpec({
    id,
    subject: `The file ${path}`,
    toldBy: `plugins in ${file}`,
    specifier,
    from: file
  })
  return { ...found, problem: undefined, load }
}

const fromPackage = ({ id, module, file }: NamedPlugin): FoundProvider => {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module
  const held = findPackage(name, nodeModulesOf(dirname(file)))
  const manifest = held === undefined ? undefined : (parseManifest(held.text) ?? {})
  const version = manifest === undefined ? null : versionIn(manifest)
  const path = held?.folder ?? null
  const found = { id, version, source: { kind: "configuration", package: module, path } } as const
  if (manifest === undefined) {
    const otherwise = /\.[cm]?[jt]s$/.test(module) ? `, or write ./${module} if it is a file` : ""
    return unusable(
      found,
      `The package ${name}, which plugins in ${file} names for ${id}, is not installed. Run: npm install ${name}${otherwise}`
    )
  }
  const subject = packageSubject(name, version)
  const problem = versionProblemIn(manifest)
  if (problem !== undefined) return unusable(found, `${subject} ${problem}`)
  const load = importSpec({ id, subject, toldBy: `plugins in ${file}`, specifier: module, from: file })
  return { ...found, problem, load }
}

/** Finds a plugin where the configuration says that it is. */
export const configuredProvider = (plugin: NamedPlugin): FoundProvider =>
  isPath(plugin.module) ? fromFile(plugin) : fromPackage(plugin)
