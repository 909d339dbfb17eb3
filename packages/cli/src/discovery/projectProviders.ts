import { readFileSync } from "node:fs"
import { join } from "node:path"
import { unusableProvider } from "./DiscoveredProvider.ts"
import type { DiscoveredProvider } from "./DiscoveredProvider.ts"
import { importProvider } from "./importProvider.ts"
import {
  findPackage,
  foldersUpward,
  nodeModulesFolders,
  packageSubject,
  parseManifest,
  versionOf
} from "./installedPackages.ts"
import type { InstalledPackage, Manifest } from "./installedPackages.ts"
import { readDeclaration } from "./providerManifest.ts"

interface Project {
  readonly folder: string
  /** The path of its package.json. */
  readonly path: string
  readonly manifestText: Buffer
}

/** The maximum number of packages that a message lists. */
const maxListed = 5

const dependencyNames = (manifest: Manifest, fields: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(fields.flatMap((field) => Object.keys(Object(manifest[field]) as object)))

/** Whether a name is that of one package, so that its path stays inside of `node_modules`. */
const isPackageName = (name: string): boolean => /^(?:@[^/\\]+\/)?[^./\\@][^/\\]*$/.test(name)

const findProject = (from: string): Project | undefined => {
  for (const folder of foldersUpward(from)) {
    const path = join(folder, "package.json")
    try {
      return { folder, path, manifestText: readFileSync(path) }
    } catch {
      // Continue with the parent folder.
    }
  }
  return undefined
}

const providerIn = (
  name: string,
  { folder, manifestText }: InstalledPackage,
  project: Project
): DiscoveredProvider | undefined => {
  // Most packages have nothing to do with gentask, and parsing all of them would take longer than reading them.
  if (!manifestText.includes('"gentask')) return undefined
  const manifest = parseManifest(manifestText)
  const declaration = manifest === undefined ? undefined : readDeclaration(manifest)
  if (manifest === undefined || declaration === undefined) return undefined
  const version = versionOf(manifest)
  const { id, problem } = declaration
  const provider = { id, version, source: { kind: "project", package: name, path: folder } } as const
  const subject = packageSubject(name, version)
  if (id === null || problem !== undefined) return unusableProvider(provider, `${subject} ${problem}`)
  const load = importProvider({
    id,
    idSource: "its package.json",
    subject,
    specifier: name,
    parentFile: project.path
  })
  return { ...provider, problem: undefined, load }
}

/** Rejects all packages that declare the same provider, since it is unclear which one the user means. */
const rejectDuplicates = (
  providers: ReadonlyArray<DiscoveredProvider>,
  { path }: Project
): ReadonlyArray<DiscoveredProvider> =>
  Array.from(Map.groupBy(providers, ({ id }) => id)).flatMap(([id, group]) => {
    if (id === null || group.length === 1) return group
    const names = group.map(({ source }) => source.package)
    return unusableProvider(
      { id, version: null, source: { kind: "project", package: null, path } },
      `Several dependencies declare the provider ${id}: ${names.join(" and ")}. ` +
        `Choose one in gentask.config.json with "plugins": { "${id}": "${names[0]}" }, or remove the others.`
    )
  })

const missingDependencies = (
  names: ReadonlyArray<string>,
  { path }: Project
): ReadonlyArray<DiscoveredProvider> => {
  if (names.length === 0) return []
  const listed = [...names.slice(0, maxListed), ...(names.length > maxListed ? ["others"] : [])]
  const problem =
    names.length === 1
      ? `The dependency ${names[0]} of ${path} is not installed. If it is a provider, run npm install.`
      : `${names.length} dependencies of ${path} are not installed: ${listed.join(", ")}. If one of them is a provider, run npm install.`
  return [
    unusableProvider({ id: null, version: null, source: { kind: "project", package: null, path } }, problem)
  ]
}

/**
 * Finds the providers among the direct dependencies of the project that a folder belongs to. Only reads package.json
 * files and runs no code. The result includes packages that cannot be used, with the problem.
 */
export const projectProviders = (from: string): ReadonlyArray<DiscoveredProvider> => {
  const project = findProject(from)
  if (project === undefined) return []
  const manifest = parseManifest(project.manifestText)
  if (manifest === undefined) {
    const source = { kind: "project", package: null, path: project.path } as const
    return [
      unusableProvider(
        { id: null, version: null, source },
        `Cannot read the dependencies in ${project.path}, because it is not valid JSON. Fix it.`
      )
    ]
  }
  // Optional and peer dependencies may be missing: they can be for other systems, or for users of this package.
  const required = dependencyNames(manifest, ["dependencies", "devDependencies"])
  const optional = dependencyNames(manifest, ["optionalDependencies", "peerDependencies"])
  const nodeModules = nodeModulesFolders(project.folder)
  const providers: Array<DiscoveredProvider> = []
  const missing: Array<string> = []
  for (const name of new Set([...required, ...optional])) {
    const installed = isPackageName(name) ? findPackage(name, nodeModules) : undefined
    if (installed === undefined) {
      if (required.has(name)) missing.push(name)
      continue
    }
    const provider = providerIn(name, installed, project)
    if (provider !== undefined) providers.push(provider)
  }
  return [...rejectDuplicates(providers, project), ...missingDependencies(missing, project)]
}
