/** Lists stored files, and compares them with their manifests. */
import { createHash } from "node:crypto"
import { constants, readFile, stat } from "node:fs/promises"
import { basename, join } from "node:path"
import { hashFile } from "../hashFile.ts"
import { nonBlocking, withFile } from "../openFile.ts"
import { parseManifest } from "./Manifest.ts"
import type { ManifestEntry } from "./Manifest.ts"
import { groupNames, manifestSuffix } from "./storedNames.ts"
import type { StoredEntry, StoredState } from "./Target.ts"

/** The path of the manifest of a file. */
export const manifestPath = (location: string): string => `${location}${manifestSuffix}`

/** The text of a file; undefined if it is absent or cannot be read. */
export const readText = (path: string): Promise<string | undefined> =>
  readFile(path, { encoding: "utf8", flag: constants.O_RDONLY | nonBlocking }).catch(() => undefined)

const readManifest = async (location: string): Promise<ManifestEntry | undefined> => {
  const manifest = parseManifest((await readText(manifestPath(location))) ?? "")
  // A copy of a manifest beside another file does not describe that file.
  return manifest?.file === basename(location) ? manifest : undefined
}

/** Lists the files in a folder whose names have the form `<stem>[+<number>].<extension>`, and their manifests. */
export const listEntries = (
  dir: string,
  stem: string,
  names: ReadonlyArray<string>
): Promise<ReadonlyArray<StoredEntry>> => {
  const entries = groupNames(stem, names).map(async ({ file, name, hasFile }) => {
    const location = join(dir, file)
    return { name, location, url: undefined, hasFile, manifest: await readManifest(location) }
  })
  return Promise.all(entries)
}

/** Reads a manifest, and compares its file with it. */
export const checkLocation = async (location: string, role: string) => {
  const manifest = await readManifest(location)
  return checkEntry({ location, manifest: manifest?.role === role ? manifest : undefined })
}

/** Compares a file with its manifest. */
export const checkEntry = async (
  { location, manifest }: Pick<StoredEntry, "location" | "manifest">,
  signal?: AbortSignal
): Promise<StoredState> => {
  const stats = await stat(location).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error
  })
  if (stats === undefined) return "Absent"
  if (manifest === undefined || !stats.isFile()) return "Foreign"
  const { bytes, sha256 } = manifest
  // A shorter file is incomplete. Any other difference is a change by the user, which must not be lost.
  if (stats.size !== bytes) return stats.size < bytes ? "Broken" : "Foreign"
  const hash = await withFile(location, "r", (file) => hashFile(file, createHash("sha256"), { signal }))
  return hash.digest("hex") === sha256 ? "Complete" : "Foreign"
}
