import { statSync } from "node:fs"
import { dirname, isAbsolute, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { unusableProvider } from "./DiscoveredProvider.ts"
import type { DiscoveredProvider } from "./DiscoveredProvider.ts"
import { importProvider } from "./importProvider.ts"
import {
  findPackage,
  nodeModulesFolders,
  packageSubject,
  parseManifest,
  versionOf
} from "./installedPackages.ts"
import { specVersionProblem } from "./providerManifest.ts"

/** An entry under `plugins` in a configuration file. */
export interface PluginEntry {
  readonly id: string
  /** A path that starts with a dot or is absolute, or else the name of a package. */
  readonly module: string
  /** The configuration file. */
  readonly file: string
}

const isPath = (module: string): boolean => /^\.{1,2}[/\\]/.test(module) || isAbsolute(module)

const pluginFile = ({ id, module, file }: PluginEntry): DiscoveredProvider => {
  const path = resolve(dirname(file), module)
  const provider = { id, version: null, source: { kind: "configuration", package: null, path } } as const
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    return unusableProvider(
      provider,
      `The file ${path}, named for ${id} under plugins in ${file}, does not exist. Fix the path, which is relative to the folder of that file.`
    )
  }
  const load = importProvider({
    id,
    idSource: `plugins in ${file}`,
    subject: `The file ${path}`,
    specifier: pathToFileURL(path).href,
    parentFile: file
  })
  return { ...provider, problem: undefined, load }
}

const pluginPackage = ({ id, module, file }: PluginEntry): DiscoveredProvider => {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module
  const installed = findPackage(name, nodeModulesFolders(dirname(file)))
  const manifest = installed === undefined ? undefined : (parseManifest(installed.manifestText) ?? {})
  const version = manifest === undefined ? null : versionOf(manifest)
  const path = installed?.folder ?? null
  const provider = { id, version, source: { kind: "configuration", package: module, path } } as const
  if (manifest === undefined) {
    const alternative = /\.[cm]?[jt]s$/.test(module) ? `, or write ./${module} if it is a file` : ""
    return unusableProvider(
      provider,
      `The package ${name}, named for ${id} under plugins in ${file}, is not installed. Run npm install ${name}${alternative}.`
    )
  }
  const subject = packageSubject(name, version)
  const problem = specVersionProblem(manifest)
  if (problem !== undefined) return unusableProvider(provider, `${subject} ${problem}`)
  const load = importProvider({
    id,
    idSource: `plugins in ${file}`,
    subject,
    specifier: module,
    parentFile: file
  })
  return { ...provider, problem, load }
}

/** Finds the provider of an entry under `plugins`. */
export const configuredPlugin = (entry: PluginEntry): DiscoveredProvider =>
  isPath(entry.module) ? pluginFile(entry) : pluginPackage(entry)
