/** Lock files on disk: removed only by their owner, and broken only if the owner is dead or the lock is stale. */
import { readFileSync, unlinkSync } from "node:fs"
import { constants, lstat, open, readFile } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { setTimeout as delay } from "node:timers/promises"
import { moveAside } from "../moveFile.ts"
import { noFollow } from "../openFile.ts"
import { removeFile } from "../removeFile.ts"
import { livenessOf } from "../../process/processToken.ts"
import { parseOwner } from "./LockOwner.ts"
import type { LockOwner } from "./LockOwner.ts"

/** The age at which a lock without a heartbeat is stale, in milliseconds. */
export const staleAfterMs = 30_000

/** How long another process may need to put back a lock that it has moved by mistake, in milliseconds. */
const graceMs = 100

/** No lock file is larger, in bytes. */
const maxBytes = 4096

/** The lock of another owner. */
export interface Holder {
  readonly text: string
  /** By the clocks of this machine and of the file system. Negative if the file system's clock is ahead. */
  readonly ageMs: number
  readonly mtimeMs: number
  /** Undefined if the text is invalid, for example because it is not written yet. */
  readonly owner: ReturnType<typeof parseOwner>
  /** Whether it is a symbolic link, which is no lock. */
  readonly isLink: boolean
  readonly isFolder: boolean
}

const unlessAbsent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== "ENOENT") throw error
}

/** Reads a lock; undefined if it does not exist. */
export const readHolder = async (path: string): Promise<Holder | undefined> => {
  const stats = await lstat(path).catch(unlessAbsent)
  if (stats === undefined) return undefined
  const isReadable = stats.isFile() && stats.size <= maxBytes
  // A lock that another user does not let this one read becomes stale like others.
  const text = isReadable
    ? await readFile(path, { encoding: "utf8", flag: constants.O_RDONLY | noFollow }).catch(() => "")
    : ""
  const { mtimeMs } = stats
  return {
    text,
    mtimeMs,
    ageMs: Date.now() - mtimeMs,
    owner: parseOwner(text),
    isLink: stats.isSymbolicLink(),
    isFolder: stats.isDirectory()
  }
}

/**
 * Why a lock may be broken; undefined if it must be respected.
 *
 * @param unchangedMs How long this process has seen the lock without a heartbeat, in milliseconds.
 */
export const reasonToBreak = (
  { owner, ageMs, isLink }: Holder,
  unchangedMs = 0
): "dead" | "stale" | "invalid" | undefined => {
  if (isLink) return "invalid"
  if (owner !== undefined && livenessOf(owner.token) === "dead") return "dead"
  return Math.max(ageMs, unchangedMs) >= staleAfterMs ? "stale" : undefined
}

/** Measures how long a lock has no heartbeat. Unlike its age, that does not depend on the clock that set its time. */
export class HeartbeatWatch {
  #seen: { readonly text: string; readonly mtimeMs: number; readonly since: number } | undefined

  /** Returns for how long the lock has been the same, in milliseconds. Call it each time the lock is read. */
  unchangedMs({ text, mtimeMs }: Holder): number {
    const now = performance.now()
    if (this.#seen?.text !== text || this.#seen.mtimeMs !== mtimeMs)
      this.#seen = { text, mtimeMs, since: now }
    return now - this.#seen.since
  }
}

/**
 * Removes a lock that may be broken.
 *
 * @param aside Where the lock is moved while it is checked again: another process may have replaced it.
 * @returns Whether this call has removed it.
 */
export const breakLock = async (path: string, holder: Holder, aside: string): Promise<boolean> => {
  const isBroken = await moveAside(path, aside, async (moved) => {
    const current = await readHolder(moved)
    if (current?.text !== holder.text) return false
    return current.mtimeMs === holder.mtimeMs || reasonToBreak(current) !== undefined
  })
  if (isBroken) await removeFile(aside)
  return isBroken
}

/** The locks of this process by their paths, to remove them when the process exits. */
const ownLocks = new Map<string, string>()

const removeOwnLocks = (): void => {
  for (const [path, text] of ownLocks) {
    try {
      if (readFileSync(path, "utf8") === text) unlinkSync(path)
    } catch {
      // The next process finds out that this one is dead.
    }
  }
}

const register = (path: string, text: string): void => {
  if (ownLocks.size === 0) process.on("exit", removeOwnLocks)
  ownLocks.set(path, text)
}

const unregister = (path: string, text: string): void => {
  if (ownLocks.get(path) !== text) return
  ownLocks.delete(path)
  if (ownLocks.size === 0) process.off("exit", removeOwnLocks)
}

/** A lock file that this process has created. */
export class LockFile {
  readonly path: string
  readonly #handle: FileHandle
  /** Cannot be that of another file while this one is open. */
  readonly #inode: bigint
  readonly #text: string
  readonly #aside: string
  #isLost = false

  private constructor(path: string, handle: FileHandle, inode: bigint, text: string, aside: string) {
    this.path = path
    this.#handle = handle
    this.#inode = inode
    this.#text = text
    this.#aside = aside
    register(path, text)
  }

  /**
   * Creates a lock file; undefined if one exists.
   *
   * @param aside Where the lock is moved before it is removed.
   */
  static async create(path: string, owner: LockOwner, aside: string): Promise<LockFile | undefined> {
    const text = `${JSON.stringify(owner)}\n`
    const handle = await open(path, "wx").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error
    })
    if (handle === undefined) return undefined
    try {
      await handle.writeFile(text)
      const { ino } = await handle.stat({ bigint: true })
      return new LockFile(path, handle, ino, text, aside)
    } catch (error) {
      await handle.close()
      await removeFile(path)
      throw error
    }
  }

  /** Whether the file is still the one that this process has created. */
  async isHeld(): Promise<boolean> {
    if (await this.#isUnchanged(this.path)) return true
    await delay(graceMs)
    this.#isLost = !(await this.#isUnchanged(this.path))
    return !this.#isLost
  }

  /** Updates the heartbeat. Uses the open file, so that it never touches the lock of another owner. */
  async touch(): Promise<void> {
    const now = new Date()
    await this.#handle.utimes(now, now)
  }

  /** Removes the file if it is still the one that this process has created. */
  async remove(): Promise<void> {
    try {
      if (this.#isLost) return
      const isMoved = await moveAside(this.path, this.#aside, (moved) => this.#isUnchanged(moved))
      if (isMoved) await removeFile(this.#aside)
    } finally {
      unregister(this.path, this.#text)
      await this.#handle.close()
    }
  }

  async #isUnchanged(path: string): Promise<boolean> {
    try {
      const stats = await lstat(path, { bigint: true }).catch(unlessAbsent)
      // Not every file system has stable inode numbers.
      return stats?.ino === this.#inode || (await readHolder(path))?.text === this.#text
    } catch {
      // A lock that cannot be read, for example because of its permissions, was not replaced.
      return true
    }
  }
}
