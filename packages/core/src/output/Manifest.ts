/** The note beside a saved file: what it is, of which task, and the digest that proves it whole. */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { open, readFile, readdir, rename, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import type { Output } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { withoutSignature } from "./UrlPolicy.ts"

/** A saved file. */
export interface SavedFile {
  readonly path: string
  readonly bytes: number
  /** In hexadecimal. */
  readonly sha256: string
  /** Recognised from the bytes. */
  readonly mediaType: string
  readonly output: Output
  /** True when an earlier run had saved it, and nothing was fetched. */
  readonly alreadySaved: boolean
}

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

/** Finds the file that an earlier run saved for an output, if it is still whole. */
export const findSaved = async (
  dir: string,
  stem: string,
  snapshot: TaskSnapshot,
  output: Output
): Promise<SavedFile | undefined> => {
  for (const name of await readdir(dir)) {
    if (!name.startsWith(`${stem}.`) || !name.endsWith(".json")) continue
    const path = join(dir, name.slice(0, -".json".length))
    const manifest = await readManifest(join(dir, name))
    if (manifest?.ref !== snapshot.ref || manifest.role !== output.role) continue
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() !== true || found.size !== manifest.bytes) continue
    if ((await digestOf(path)) !== manifest.sha256) continue
    const { bytes, sha256, mediaType } = manifest
    return { path, bytes, sha256, mediaType, output, alreadySaved: true }
  }
  return undefined
}
