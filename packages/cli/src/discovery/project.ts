/** The providers among the direct dependencies of a project, as their package.json files tell. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { claimIn } from "./Claim.ts"
import { unusable } from "./FoundProvider.ts"
import type { FoundProvider } from "./FoundProvider.ts"
import { importSpec } from "./importSpec.ts"
import { findPackage, nodeModulesOf, packageSubject, parseManifest, upwards, versionIn } from "./packages.ts"
import type { InstalledPackage, Manifest } from "./packages.ts"

interface Project {
  readonly folder: string
  /** The path of its package.json. */
  readonly path: string
  readonly text: Buffer
}

/** How many packages a sentence names. */
const mostNamed = 5

const namesOf = (manifest: Manifest, fields: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(fields.flatMap((field) => Object.keys(Object(manifest[field]) as object)))

/** Whether a name stays inside `node_modules` and names one package there. */
const isName = (name: string): boolean => /^(?:@[^/\\]+\/)?[^./\\@][^/\\]*$/.test(name)

const findProject = (from: string): Project | undefined => {
  for (const folder of upwards(from)) {
    const path = join(folder, "package.json")
    try {
      return { folder, path, text: readFileSync(path) }
    } catch {
      // The project is further up, if there is one.
    }
  }
  return undefined
}

const claimed = (name: string, held: InstalledPackage, project: Project): FoundProvider | undefined => {
  // Most packages have nothing to do with gentask, and parsing them all would cost more than reading them.
  if (!held.text.includes('"gentask')) return undefined
  const manifest = parseManifest(held.text)
  const claim = manifest === undefined ? undefined : claimIn(manifest)
  if (manifest === undefined || claim === undefined) return undefined
  const version = versionIn(manifest)
  const { id, problem } = claim
  const found = { id, version, source: { kind: "project", package: name, path: held.folder } } as const
  const subject = packageSubject(name, version)
  if (id === null || problem !== undefined) return unusable(found, `${subject} ${problem}`)
  const load = importSpec({ id, subject, toldBy: "its package.json", specifier: name, from: project.path })
  return { ...found, problem: undefined, load }
}

/** Where several packages are one provider, none is used: which was meant is not for gentask to guess. */
const withoutRivals = (
  found: ReadonlyArray<FoundProvider>,
  { path }: Project
): ReadonlyArray<FoundProvider> => {
  const rivals = Map.groupBy(found, ({ id }) => id)
  return Array.from(rivals, ([id, all]) => {
    const [first] = all
    if (id === null || first === undefined || all.length === 1) return all
    const names = all.map(({ source }) => source.package)
    return unusable(
      { id, version: null, source: { kind: "project", package: null, path } },
      `More than one dependency is the provider ${id}, so none is used: ${names.join(" and ")}. ` +
        `Choose one in gentask.config.json by "plugins": { "${id}": "${names[0]}" }, or remove the others.`
    )
  }).flat()
}

const absent = (names: ReadonlyArray<string>, { path }: Project): ReadonlyArray<FoundProvider> => {
  if (names.length === 0) return []
  const [first = "", ...others] = names
  const named = [...names.slice(0, mostNamed), ...(names.length > mostNamed ? ["others"] : [])]
  const problem =
    others.length === 0
      ? `The dependency ${first} of ${path} is not installed. If it is a provider, run: npm install`
      : `${names.length} dependencies of ${path} are not installed: ${named.join(", ")}. If a provider is among them, run: npm install`
  return [unusable({ id: null, version: null, source: { kind: "project", package: null, path } }, problem)]
}

/**
 * The providers of the project that a folder is in. What cannot be used is among them, with its problem and with its
 * id if that is known.
 */
export const providersOfProject = (from: string): ReadonlyArray<FoundProvider> => {
  const project = findProject(from)
  if (project === undefined) return []
  const manifest = parseManifest(project.text)
  if (manifest === undefined) {
    const found = {
      id: null,
      version: null,
      source: { kind: "project", package: null, path: project.path }
    } as const
    return [unusable(found, `${project.path} is no valid JSON, so its dependencies are not known. Mend it.`)]
  }
  // The others may well be absent: they are for other systems, or for whoever depends on this package.
  const expected = namesOf(manifest, ["dependencies", "devDependencies"])
  const names = new Set([...expected, ...namesOf(manifest, ["optionalDependencies", "peerDependencies"])])
  const nodeModules = nodeModulesOf(project.folder)
  const found: Array<FoundProvider> = []
  const missing: Array<string> = []
  for (const name of names) {
    const held = isName(name) ? findPackage(name, nodeModules) : undefined
    if (held === undefined) {
      if (expected.has(name)) missing.push(name)
      continue
    }
    const provider = claimed(name, held, project)
    if (provider !== undefined) found.push(provider)
  }
  return [...withoutRivals(found, project), ...absent(missing, project)]
}
