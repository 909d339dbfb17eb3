/** Stores finished files in a folder of the file system. */
import { createHash } from "node:crypto"
import { open, readFile, readdir, rename, stat } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { OutputRole } from "../../task/Output.ts"
import { hashFile } from "../hashFile.ts"
import { removeFile } from "../removeFile.ts"
import { SaveFailure, onDisk } from "../SaveFailure.ts"
import { formatManifest, parseManifest } from "./Manifest.ts"
import type { ManifestEntry } from "./Manifest.ts"
import type { FindResult, FinishedFile, PutOptions, Target } from "./Target.ts"

const manifestPath = (path: string): string => `${path}.json`

const readManifest = async (path: string): Promise<ManifestEntry | undefined> =>
  parseManifest(await readFile(manifestPath(path), "utf8").catch(() => ""))

/** Makes renames in a folder survive a power failure. Not every system can sync a folder. */
const syncFolder = async (dir: string): Promise<void> => {
  const handle = await open(dir, "r")
  await handle.sync().finally(() => handle.close())
}

const find = async (
  dir: string,
  name: string,
  role: OutputRole,
  signal: AbortSignal
): Promise<FindResult> => {
  const prefix = `${name}.`
  // The name and one extension: `acme_abc.1.png` does not belong to `acme_abc`.
  const hasName = (entry: string): boolean =>
    entry.startsWith(prefix) && !entry.slice(prefix.length).includes(".")
  const entries = (await readdir(dir)).filter((entry) => hasName(entry) && !entry.endsWith(".json"))
  let result: FindResult = { _tag: "Nothing" }
  for (const entry of entries) {
    const location = join(dir, entry)
    const [manifest, stats] = await Promise.all([readManifest(location), stat(location)])
    // Without its manifest, a file of this name may be anything.
    if (manifest?.file !== entry || manifest.role !== role || !stats.isFile()) {
      result = { _tag: "Foreign", location }
      continue
    }
    const { bytes, sha256, mediaType } = manifest
    if (stats.size === bytes) {
      const hash = await hashFile(location, createHash("sha256"), { signal })
      if (hash.digest("hex") === sha256)
        return { _tag: "Saved", file: { location, bytes, sha256, mediaType } }
    }
    // A shorter file is incomplete. Any other difference is a change by the user, which must not be lost.
    result = stats.size < bytes ? { _tag: "Broken" } : { _tag: "Foreign", location }
  }
  return result
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  )

/** Creates a target that stores files in an existing folder, by renaming: the local files must be on the same volume. */
export const fileTarget = (dir: string): Target => {
  const temporaryManifest = (name: string): string => join(dir, `.${name}.manifest`)

  const store = async (file: FinishedFile, name: string, { manifest }: PutOptions): Promise<string> => {
    const location = join(dir, `${name}.${file.extension}`)
    const temporary = temporaryManifest(name)
    const handle = await open(temporary, "w")
    try {
      await handle.writeFile(formatManifest(manifest))
      await handle.sync()
    } finally {
      await handle.close()
    }
    // The manifest first, so that a saved file is never without one.
    await rename(temporary, manifestPath(location))
    await rename(file.path, location)
    await syncFolder(dir).catch(() => undefined)
    return location
  }

  return {
    find: (name, role) => onDisk(dir, (signal) => find(dir, name, role, signal)),
    put: Effect.fnUntraced(function* (file, name, options) {
      const path = join(dir, `${name}.${file.extension}`)
      if (!options.overwrite && (yield* onDisk(path, () => exists(path))))
        return yield* new SaveFailure({ reason: { _tag: "FileExists", path } })
      return yield* onDisk(path, () => store(file, name, options))
    }),
    abort: (name) => Effect.ignore(onDisk(dir, () => removeFile(temporaryManifest(name))))
  }
}
