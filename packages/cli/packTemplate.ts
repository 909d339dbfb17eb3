import { mkdir, readFile, readdir, writeFile } from "node:fs/promises"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"

type Ranges = Readonly<Record<string, string>>

interface Manifest {
  readonly version: string
  readonly dependencies: Ranges
  readonly devDependencies: Ranges
  readonly peerDependencies: Ranges
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(here(`${folder}/package.json`), "utf8")) as Manifest

const installedVersion = async (name: string): Promise<string> => {
  const manifest = await readManifest(`./node_modules/${name}`).catch(() =>
    readManifest(`../../node_modules/${name}`)
  )
  return manifest.version
}

/** Replaces the workspace and catalog ranges, which exist only in this workspace. */
const publishedRange = async ([name, range]: readonly [string, string]): Promise<[string, string]> => {
  if (range === "catalog:") return [name, `^${await installedVersion(name)}`]
  const published = range.replace(/^workspace:/, "")
  return [name, /^[\^~]$/.test(published) ? `${published}${await installedVersion(name)}` : published]
}

const publishedRanges = async (ranges: Ranges): Promise<Ranges> =>
  Object.fromEntries(await Promise.all(Object.entries(ranges).map(publishedRange)))

const publishedManifest = async (text: string): Promise<string> => {
  const manifest = JSON.parse(text) as Manifest
  const { peerDependencies } = await readManifest("../provider-jimmy")
  return `${JSON.stringify(
    {
      ...manifest,
      dependencies: await publishedRanges(manifest.dependencies),
      devDependencies: await publishedRanges(manifest.devDependencies),
      // The same range of core as the bundled providers.
      peerDependencies: await publishedRanges(peerDependencies)
    },
    null,
    2
  )}\n`
}

/**
 * Packs the template of a provider package into one JSON file, with the versions that this workspace is tested with. One
 * file, because npm leaves files such as `.gitignore` out of packages.
 */
export const packTemplate = async (): Promise<void> => {
  const folder = here("templates/provider")
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const files: Record<string, string> = {}
  for (const path of paths.toSorted()) {
    files[relative(folder, path).replaceAll("\\", "/")] = await readFile(path, "utf8")
  }
  files["package.json"] = await publishedManifest(files["package.json"] ?? "")
  await mkdir(here("dist/templates"), { recursive: true })
  await writeFile(here("dist/templates/provider.json"), JSON.stringify(files))
}
