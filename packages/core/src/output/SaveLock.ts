/** One saver for each file: of this process and of every other on this machine. */
import { open, readFile, rm, stat } from "node:fs/promises"
import { hostname } from "node:os"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { SaveError } from "./SaveError.ts"

/** How often a lock that somebody else holds is looked at, in milliseconds. */
const interval = 100

/** The locks that this process holds: a lock with its number that is not among them is of a process long gone. */
const held = new Set<string>()

const owner = `${process.pid} ${hostname()}`

/** How old a lock may be whose owner cannot be asked, in milliseconds. */
const longest = 60 * 60 * 1000

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

/** Whether whoever took a lock may still be at it. */
const isAlive = async (path: string): Promise<boolean> => {
  const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)])
  if (text === owner) return held.has(path)
  const [pid, host] = text.split(" ")
  return host === hostname() ? isRunning(Number(pid)) : Date.now() - mtimeMs < longest
}

/** Takes a lock; false while somebody else holds it. */
const take = async (path: string): Promise<boolean> => {
  try {
    const file = await open(path, "wx")
    held.add(path)
    await file.writeFile(owner).finally(() => file.close())
    return true
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
  }
  // Gone in the meantime is as good as held: it is looked at again.
  if (!(await isAlive(path).catch(() => true))) await rm(path, { force: true })
  return false
}

const release = async (path: string): Promise<void> => {
  held.delete(path)
  await rm(path, { force: true })
}

/** Does something while nobody else does it; waits for its turn. */
export const withLock = <A, E>(
  ref: string,
  path: string,
  use: Effect.Effect<A, E>
): Effect.Effect<A, E | SaveError> => {
  const attempt = Effect.tryPromise({
    try: () => take(path),
    catch: (error) => SaveError.fromDisk(ref, path, error)
  })
  const once: Effect.Effect<Option.Option<A>, E | SaveError> = Effect.acquireUseRelease(
    attempt,
    (isTaken) => (isTaken ? Effect.map(use, Option.some) : Effect.succeed(Option.none())),
    (isTaken) => (isTaken ? Effect.promise(() => release(path)) : Effect.void)
  )
  return Effect.flatMap(once, (done) =>
    Option.isSome(done)
      ? Effect.succeed(done.value)
      : Effect.flatMap(Effect.sleep(interval), () => withLock(ref, path, use))
  )
}
