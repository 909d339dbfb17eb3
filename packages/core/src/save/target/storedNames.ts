/** Recognizes the names of stored files and their manifests. */
import { numberOf } from "../outputStem.ts"

/** What the name of a manifest ends with, after the name of its file. */
export const manifestSuffix = ".json"

/** A file, a manifest, or both. */
export interface StoredName {
  /** The name of the file. */
  readonly file: string
  /** The stem of the file's name. */
  readonly name: string
  readonly hasFile: boolean
  readonly hasManifest: boolean
}

/** Finds the names that have the form `<stem>[+<number>].<extension>`, and those of their manifests. */
export const groupNames = (stem: string, names: ReadonlyArray<string>): ReadonlyArray<StoredName> => {
  const files = new Map<string, StoredName>()
  for (const entry of names.filter((name) => name.startsWith(stem)).toSorted()) {
    const isManifest = entry.endsWith(manifestSuffix)
    const file = isManifest ? entry.slice(0, -manifestSuffix.length) : entry
    const dot = file.indexOf(".", stem.length)
    // One extension: `acme_abc.1.png` does not belong to `acme_abc`.
    const isOutput = dot !== -1 && file.indexOf(".", dot + 1) === -1
    const name = file.slice(0, dot)
    if (!isOutput || numberOf(stem, name) === undefined) continue
    const known = files.get(file)
    files.set(file, {
      file,
      name,
      hasFile: !isManifest || known?.hasFile === true,
      hasManifest: isManifest || known?.hasManifest === true
    })
  }
  return [...files.values()]
}
