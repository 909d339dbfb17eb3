/** Decides under which name an output is stored: its own, if it is stored already, or else a free one. */
import { identityKey, matchOutputs } from "./OutputIdentity.ts"
import type { OutputIdentity } from "./OutputIdentity.ts"
import { numberOf, numberedStem } from "./outputStem.ts"
import type { StoredEntry } from "./target/Target.ts"

/** The name of an output, and what is stored under it. */
export interface OutputPlace {
  readonly name: string
  /** Files that are this output according to their manifests. */
  readonly own: ReadonlyArray<StoredEntry>
  /** A file with this name that is not an output of the task. */
  readonly foreign: StoredEntry | undefined
}

const identityOf = (stem: string, { name, manifest }: StoredEntry): OutputIdentity | undefined => {
  if (manifest === undefined) return undefined
  const { identity, source } = manifest
  const sha256 = source === null ? manifest.sha256 : null
  return identity ?? { source, query: [], sha256, position: numberOf(stem, name) ?? 1, count: null }
}

/** Groups the entries by output: an output may be stored with several extensions. */
const groupByIdentity = (stem: string, entries: ReadonlyArray<StoredEntry>) => {
  const groups = new Map<
    string,
    { readonly identity: OutputIdentity; readonly entries: Array<StoredEntry> }
  >()
  for (const entry of entries) {
    const identity = identityOf(stem, entry)
    if (identity === undefined) continue
    const key = identityKey(identity)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { identity, entries: [entry] })
    else group.entries.push(entry)
  }
  return [...groups.values()]
}

/**
 * Finds the place of an output.
 *
 * @param stem The stem that the names of the outputs with its role have in common.
 * @param identities The outputs with its role, in the provider's order.
 * @param index The index of the output.
 * @param entries What is stored under names with the stem.
 */
export const findPlace = (
  stem: string,
  identities: ReadonlyArray<OutputIdentity>,
  index: number,
  entries: ReadonlyArray<StoredEntry>
): OutputPlace => {
  const groups = groupByIdentity(stem, entries)
  const known = groups.map(({ identity }) => identity)
  const own = groups[matchOutputs(known, identities)[index] ?? -1]?.entries
  const [first] = own ?? []
  if (own !== undefined && first !== undefined) return { name: first.name, own, foreign: undefined }
  const filesOf = (name: string): ReadonlyArray<StoredEntry> =>
    entries.filter((entry) => entry.hasFile && entry.name === name)
  const preferred = numberedStem(stem, index + 1)
  const files = filesOf(preferred)
  if (files.every(({ manifest }) => manifest === undefined))
    return { name: preferred, own: [], foreign: files[0] }
  // Another output has the name that this one would have, because the provider lists them in another order.
  let number = 1
  while (filesOf(numberedStem(stem, number)).length > 0) number += 1
  return { name: numberedStem(stem, number), own: [], foreign: undefined }
}
