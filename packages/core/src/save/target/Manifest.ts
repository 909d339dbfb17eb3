/** The note beside a saved file: what it is, of which task, and the digest that proves it whole. */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { open, readFile, readdir, rename, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import type { Output } from "../../task/Output.ts"
import type { TaskSnapshot } from "../../task/TaskSnapshot.ts"
import type { SavedFile } from "../SavedFile.ts"
import { withoutSignature } from "../download/urlPolicy.ts"

/** What the note holds, in this order. */
interface Manifest {
  readonly ref: string
  readonly file: string
  readonly role: string
  readonly kind: string
  readonly mediaType: string
  readonly bytes: number
  readonly sha256: string
  readonly model: string | null
  readonly prompt: string | null
  readonly source: string | null
  readonly createdAt: Date | null
  readonly completedAt: Date | null
  readonly savedAt: Date
}

const pathOf = (file: string): string => `${file}.json`

/** Makes what was written survive a loss of power. A folder cannot be synced on every system. */
const sync = async (path: string): Promise<void> => {
  const handle = await open(path, "r")
  await handle.sync().finally(() => handle.close())
}

/** Puts a whole file and its note in place; the note first, so that no file of that name is ever without one. */
export const place = async (
  part: string,
  saved: SavedFile,
  snapshot: TaskSnapshot,
  savedAt: Date
): Promise<void> => {
  const manifest: Manifest = {
    ref: snapshot.ref,
    file: basename(saved.path),
    role: saved.output.role,
    kind: saved.output.kind,
    mediaType: saved.mediaType,
    bytes: saved.bytes,
    sha256: saved.sha256,
    model: snapshot.model,
    prompt: snapshot.prompt,
    source: saved.output.url === null ? null : withoutSignature(saved.output.url),
    createdAt: snapshot.createdAt,
    completedAt: snapshot.completedAt,
    savedAt
  }
  const note = pathOf(saved.path)
  const temporary = `${part}.note`
  const handle = await open(temporary, "w")
  try {
    await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, note)
  await rename(part, saved.path)
  await sync(dirname(saved.path)).catch(() => undefined)
}

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash("sha256")
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest("hex")
}

const readManifest = async (path: string): Promise<Manifest | undefined> => {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Manifest
  } catch {
    return undefined
  }
}

/** What stands in the folder under an output's name. */
export type ExistingFile =
  /** The output itself, whole. */
  | { readonly _tag: "Saved"; readonly file: SavedFile }
  /** A file that was this output once, and is no longer whole: it may be replaced. */
  | { readonly _tag: "Broken" }
  /** Nothing of that name. */
  | { readonly _tag: "Nothing" }
  /** A file that is something else. */
  | { readonly _tag: "Foreign"; readonly path: string }

/** Looks for what stands under an output's name, with whatever extension. */
export const findExisting = async (dir: string, stem: string, output: Output): Promise<ExistingFile> => {
  // The stem, and an extension: `acme_abc.1.png` is not of `acme_abc`.
  const beginning = `${stem}.`
  const isOurs = (name: string): boolean =>
    name.startsWith(beginning) && !name.slice(beginning.length).includes(".")
  const names = (await readdir(dir)).filter((name) => isOurs(name) && !name.endsWith(".json"))
  let standing: ExistingFile = { _tag: "Nothing" }
  for (const name of names) {
    const path = join(dir, name)
    const [manifest, found] = await Promise.all([readManifest(pathOf(path)), stat(path)])
    // The name tells the task; the note tells that it was saved under it, and not put there by somebody.
    if (manifest?.file !== name || manifest.role !== output.role || !found.isFile()) {
      standing = { _tag: "Foreign", path }
      continue
    }
    const { bytes, sha256, mediaType } = manifest
    if (found.size === bytes && (await digestOf(path)) === sha256) {
      return { _tag: "Saved", file: { path, bytes, sha256, mediaType, output, alreadySaved: true } }
    }
    // Shorter is torn; anything else was changed by its owner, and is not ours to replace.
    standing = found.size < bytes ? { _tag: "Broken" } : { _tag: "Foreign", path }
  }
  return standing
}
