/** A lock file that excludes other savers of the same output, in this process and in others. */
import { open, rename, stat, utimes } from "node:fs/promises"
import { hostname } from "node:os"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { removeFile } from "./removeFile.ts"
import { onDisk } from "./SaveFailure.ts"
import type { SaveFailure } from "./SaveFailure.ts"

/** How often to check a lock that is held, in milliseconds. */
const retryIntervalMs = 100

/** Heartbeat interval of a lock, and the age at which a lock without a heartbeat is stale, in milliseconds. */
const heartbeatMs = 5000
const staleAfterMs = 30_000

const removeStale = async (path: string): Promise<void> => {
  const { mtimeMs } = await stat(path)
  if (Date.now() - mtimeMs < staleAfterMs) return
  // Rename first: only one of several processes can rename the lock.
  const stalePath = `${path}.${process.pid}`
  await rename(path, stalePath)
  await removeFile(stalePath)
}

/** Creates the lock file, and returns a function that releases it; undefined if the lock is held. */
const tryAcquire = async (path: string): Promise<(() => Promise<void>) | undefined> => {
  try {
    const file = await open(path, "wx")
    await file.writeFile(`${process.pid} ${hostname()}\n`).finally(() => file.close())
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
    // Fails if the lock was released in the meantime. The next attempt acquires it.
    await removeStale(path).catch(() => undefined)
    return undefined
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, heartbeatMs)
  heartbeat.unref()
  return async () => {
    clearInterval(heartbeat)
    await removeFile(path)
  }
}

/** Runs an effect while holding the lock at `path`. Waits until the lock is free. */
export const withLock = <A, E>(path: string, use: Effect.Effect<A, E>): Effect.Effect<A, E | SaveFailure> => {
  const attempt: Effect.Effect<Option.Option<A>, E | SaveFailure> = Effect.acquireUseRelease(
    onDisk(path, () => tryAcquire(path)),
    (release) => (release === undefined ? Effect.succeed(Option.none()) : Effect.map(use, Option.some)),
    (release) => (release === undefined ? Effect.void : Effect.promise(release))
  )
  return Effect.flatMap(attempt, (result) =>
    Option.isSome(result)
      ? Effect.succeed(result.value)
      : Effect.flatMap(Effect.sleep(retryIntervalMs), () => withLock(path, use))
  )
}
