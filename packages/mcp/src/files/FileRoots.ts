import { constants } from "node:fs"
import { mkdir, open, realpath, stat } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path"
import { CallError } from "../results/errorResult.ts"

/** The maximum size of an input file, in bytes. It is kept in memory until it is sent. */
const maxInputBytes = 256 * 1024 * 1024

/** Whether a path is a folder or below it. Both are real paths. */
const isBelow = (folder: string, path: string): boolean => {
  const rest = relative(folder, path)
  return rest === "" || (rest !== ".." && !rest.startsWith(`..${sep}`) && !isAbsolute(rest))
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code

const outside = (path: string): CallError =>
  new CallError(
    `${JSON.stringify(path)} is outside of the allowed folders. Use a path below one of them. The user allows further folders with gentask mcp --root DIR.`
  )

const tooLarge = (path: string, maxBytes: number): CallError =>
  new CallError(`${JSON.stringify(path)} has more than ${maxBytes} bytes. Use a URL instead.`)

/** Reads a file that may grow meanwhile, or whose size the system does not report. */
const readAtMost = async (
  handle: FileHandle,
  maxBytes: number,
  path: string
): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Array<Buffer> = []
  let bytes = 0
  for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(path, maxBytes)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** Returns the real path of the deepest existing folder of a path, and the path itself with it. */
const realPathOf = async (path: string): Promise<string> => {
  try {
    return await realpath(path)
  } catch (error) {
    // A link whose target is missing also has no real path. Its target would be created outside.
    if (codeOf(error) !== "ENOENT" || dirname(path) === path) throw error
    return resolve(await realPathOf(dirname(path)), basename(path))
  }
}

/** The folders that tools may read from and save to. */
export class FileRoots {
  readonly #roots: ReadonlyArray<string>
  #real: Promise<ReadonlyArray<string>> | undefined

  /** @param roots Existing folders. Relative paths are resolved now. */
  constructor(roots: ReadonlyArray<string>) {
    this.#roots = roots.map((root) => resolve(root))
  }

  /** The first folder. Undefined if no folder is allowed. */
  get first(): string | undefined {
    return this.#roots[0]
  }

  /** All folders, as they were given. */
  get folders(): ReadonlyArray<string> {
    return this.#roots
  }

  /**
   * Creates a folder to save to, and returns its real path.
   *
   * @throws {CallError} If it is outside of the roots, after links are resolved.
   */
  async outputFolder(path: string): Promise<string> {
    const target = this.#resolve(path)
    // Before anything is created.
    await this.#check(path, await this.#realPath(path, target))
    await mkdir(target, { recursive: true }).catch((error: unknown) => {
      throw new CallError(`Cannot create the folder ${JSON.stringify(path)} (${String(codeOf(error))}).`)
    })
    // A folder of the path may have become a link since. The saver receives the path without links.
    const real = await this.#realPath(path, target)
    await this.#check(path, real)
    return real
  }

  /** Whether a saved file is below the roots, after links are resolved. */
  async contains(path: string): Promise<boolean> {
    const real = await realpath(path).catch(() => undefined)
    return real !== undefined && (await this.#rootsOf()).some((root) => isBelow(root, real))
  }

  /**
   * Reads a file. What is checked is what is read: the file is opened first, and the path that leads to it is compared with
   * the open file.
   *
   * @throws {CallError} If it is outside of the roots, or cannot be read.
   */
  async readFile(path: string, maxBytes = maxInputBytes): Promise<File> {
    const target = this.#resolve(path)
    // Opening a device may do something, and a call must not find out which files exist outside.
    await this.#check(path, await this.#realPath(path, target))
    // A named pipe would block the open.
    const handle = await open(target, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
      throw new CallError(`Cannot read ${JSON.stringify(path)} (${String(codeOf(error))}).`)
    })
    try {
      const real = await this.#realPath(path, target)
      await this.#check(path, real)
      const [opened, found] = await Promise.all([handle.stat({ bigint: true }), stat(real, { bigint: true })])
      if (opened.ino !== found.ino || opened.dev !== found.dev)
        throw new CallError(`${JSON.stringify(path)} was replaced while it was opened. Nothing was read.`)
      if (!opened.isFile()) throw new CallError(`${JSON.stringify(path)} is not a file.`)
      if (opened.size > BigInt(maxBytes)) throw tooLarge(path, maxBytes)
      return new File([await readAtMost(handle, maxBytes, path)], basename(real))
    } finally {
      await handle.close()
    }
  }

  #resolve(path: string): string {
    if (path === "" || path.includes("\0"))
      throw new CallError("Invalid path: expected the path of a file or a folder.")
    return this.#roots[0] === undefined ? resolve(path) : resolve(this.#roots[0], path)
  }

  async #realPath(path: string, target: string): Promise<string> {
    try {
      return await realPathOf(target)
    } catch {
      throw outside(path)
    }
  }

  async #check(path: string, real: string): Promise<void> {
    if (!(await this.#rootsOf()).some((root) => isBelow(root, real))) throw outside(path)
  }

  #rootsOf(): Promise<ReadonlyArray<string>> {
    return (this.#real ??= Promise.all(this.#roots.map((root) => realPathOf(root))))
  }
}
