/** One saver for each file: of this process and of every other that shares the folder. */
import { open, rename, stat, utimes } from "node:fs/promises"
import { hostname } from "node:os"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { SaveError } from "./SaveError.ts"
import { removeFile } from "./removeFile.ts"

/** How often a lock that somebody else holds is looked at, in milliseconds. */
const interval = 100

/** How often the holder shows that it is there, and after which time nobody is, in milliseconds. */
const heartbeat = 5000
const longestSilence = 30_000

/** Takes the lock away from a holder that is there no more. */
const breakStale = async (path: string): Promise<void> => {
  const { mtimeMs } = await stat(path)
  if (Date.now() - mtimeMs < longestSilence) return
  // By a name of its own, so that of two who break it at once, one finds nothing to break.
  const broken = `${path}.${process.pid}`
  await rename(path, broken)
  await removeFile(broken)
}

/** Takes a lock; undefined while somebody else holds it. The answered function gives it back. */
const take = async (path: string): Promise<(() => Promise<void>) | undefined> => {
  try {
    const file = await open(path, "wx")
    await file.writeFile(`${process.pid} ${hostname()}\n`).finally(() => file.close())
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
    // Gone in the meantime is as good as held: it is looked at again.
    await breakStale(path).catch(() => undefined)
    return undefined
  }
  const beat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, heartbeat)
  beat.unref()
  return async () => {
    clearInterval(beat)
    await removeFile(path)
  }
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
    (release) => (release === undefined ? Effect.succeed(Option.none()) : Effect.map(use, Option.some)),
    (release) => (release === undefined ? Effect.void : Effect.promise(release))
  )
  return Effect.flatMap(once, (done) =>
    Option.isSome(done)
      ? Effect.succeed(done.value)
      : Effect.flatMap(Effect.sleep(interval), () => withLock(ref, path, use))
  )
}
