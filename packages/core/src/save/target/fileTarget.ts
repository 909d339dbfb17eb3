/** Stores finished files in a folder of the file system. */
import { lstat, open } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { ownedPath } from "../hiddenFiles.ts"
import { LockLost } from "../lock/SaveLock.ts"
import { exists, moveAside, moveUnlessExists, putBack } from "../moveFile.ts"
import { removeFile } from "../removeFile.ts"
import { SaveFailure, onDisk, toSaveFailure } from "../SaveFailure.ts"
import { formatManifest } from "./Manifest.ts"
import { checkEntry, checkLocation, listEntries, manifestPath, readText } from "./storedFiles.ts"
import type { FinishedFile, PutOptions, Target } from "./Target.ts"

/** How often to try to store a file while other processes change the files of the same name. */
const maxAttempts = 5

/** Makes the names of new files in a folder survive a power failure. Not every system can sync a folder. */
const syncFolder = async (dir: string): Promise<void> => {
  const handle = await open(dir, "r")
  await handle.sync().finally(() => handle.close())
}

/** Creates a file with a text. Returns false if the path exists, also if it is a symbolic link. */
const createText = async (path: string, text: string): Promise<boolean> => {
  const handle = await open(path, "wx").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
  if (handle === undefined) return false
  try {
    await handle.writeFile(text)
    await handle.sync()
  } catch (error) {
    await removeFile(path)
    throw error
  } finally {
    await handle.close()
  }
  return true
}

/**
 * Stores one file. Nothing is replaced in place: a file in the way is moved aside, checked there, and put back if storing
 * fails. So a process that was suspended in the middle cannot damage what others have stored since.
 */
class Storing {
  readonly #dir: string
  readonly #file: FinishedFile
  readonly #name: string
  readonly #location: string
  readonly #text: string
  readonly #options: PutOptions
  readonly #moved: Array<readonly [path: string, aside: string]> = []

  constructor(dir: string, file: FinishedFile, name: string, options: PutOptions) {
    this.#dir = dir
    this.#file = file
    this.#name = name
    this.#location = join(dir, `${name}.${file.extension}`)
    this.#text = formatManifest(options.manifest)
    this.#options = options
  }

  async run(): Promise<string> {
    try {
      await this.#store()
    } catch (error) {
      for (const [path, aside] of this.#moved.toReversed()) await putBack(aside, path).catch(() => undefined)
      throw error
    }
    for (const [, aside] of this.#moved) await removeFile(aside).catch(() => undefined)
    await syncFolder(this.#dir).catch(() => undefined)
    return this.#location
  }

  async #store(): Promise<void> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (!(await this.#options.lock.isHeld())) throw new LockLost()
      // The manifest first, so that a saved file is never without one.
      const isCreated = await createText(manifestPath(this.#location), this.#text)
      if (isCreated && (await this.#placeFile())) return
      await this.#makeRoom()
    }
    throw this.#fileExists()
  }

  /** Gives the file its final name. If that is taken, removes the manifest. */
  async #placeFile(): Promise<boolean> {
    let isPlaced = false
    try {
      isPlaced = await moveUnlessExists(this.#file.path, this.#location)
      return isPlaced
    } finally {
      if (!isPlaced) await this.#removeManifest()
    }
  }

  async #removeManifest(): Promise<void> {
    const aside = this.#aside("json")
    const isOwn = async (path: string): Promise<boolean> => (await readText(path)) === this.#text
    if (await moveAside(manifestPath(this.#location), aside, isOwn)) await removeFile(aside)
  }

  /** Moves a file in the way aside, unless it must not be replaced. */
  async #makeRoom(): Promise<void> {
    const { overwrite, manifest } = this.#options
    const text = await readText(manifestPath(this.#location))
    const before = await lstat(this.#location).catch(() => undefined)
    const state = await checkLocation(this.#location, manifest.role)
    if (state === "Complete") throw new LockLost()
    if (state === "Foreign" && (!overwrite || before?.isDirectory() === true)) throw this.#fileExists()
    if (before !== undefined) {
      await this.#moveAside(this.#location, async (aside) => {
        const { ino, size, mtimeMs } = await lstat(aside)
        return ino === before.ino && size === before.size && mtimeMs === before.mtimeMs
      })
    }
    // A folder, for example.
    if (text === undefined && (await exists(manifestPath(this.#location))))
      throw this.#fileExists(manifestPath(this.#location))
    if (text !== undefined)
      await this.#moveAside(manifestPath(this.#location), async (aside) => (await readText(aside)) === text)
  }

  async #moveAside(path: string, isExpected: (aside: string) => Promise<boolean>): Promise<void> {
    const aside = this.#aside(`old${this.#moved.length}`)
    if (await moveAside(path, aside, isExpected)) this.#moved.push([path, aside])
  }

  #aside(suffix: string): string {
    return ownedPath(this.#dir, this.#name, this.#options.lock.token, suffix)
  }

  #fileExists(path = this.#location): SaveFailure {
    return new SaveFailure({ reason: { _tag: "FileExists", path } })
  }
}

/** Creates a target that stores files in an existing folder. The local files must be on the same volume. */
export const fileTarget = (dir: string): Target => ({
  isRemote: false,
  list: (stem, localNames) => onDisk(dir, () => listEntries(dir, stem, localNames)),
  check: (entry) => onDisk(entry.location, (signal) => checkEntry(entry, signal)),
  put: (file, name, options) =>
    Effect.tryPromise({
      try: async () => ({ location: await new Storing(dir, file, name, options).run(), url: undefined }),
      catch: (error) =>
        error instanceof LockLost || error instanceof SaveFailure
          ? error
          : toSaveFailure(join(dir, `${name}.${file.extension}`), error)
    })
})
