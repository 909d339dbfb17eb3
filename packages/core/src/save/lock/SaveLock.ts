/** Excludes other savers of the same output, in this process and in others. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { lockPath, ownedPath } from "../hiddenFiles.ts"
import { SaveFailure, onDisk } from "../SaveFailure.ts"
import { HeartbeatWatch, LockFile, breakLock, readHolder, reasonToBreak, staleAfterMs } from "./lockFile.ts"
import type { Holder } from "./lockFile.ts"
import { makeOwner } from "./LockOwner.ts"

/** How often to check a lock that is held, in milliseconds. */
const retryIntervalMs = 100

/** Heartbeat interval of a lock, in milliseconds. */
const heartbeatMs = 5000

/** Another process has taken over the lock, because this one did not respond, for example while it was suspended. */
export class LockLost extends Data.TaggedError("LockLost") {}

/** A lock while it is held. */
export interface SaveLock {
  /** Unique for each time that a lock is acquired. Part of the names of the owner's files. */
  readonly token: string
  /** Whether the lock is still held. Another process may have taken it over. */
  readonly isHeld: () => Promise<boolean>
}

/** Where a lock is, and callbacks about its other owners. */
export interface LockOptions {
  readonly dir: string
  /** The stem of the names of the files that the lock protects. */
  readonly stem: string
  /** Called once for each owner that is waited for. */
  readonly onWait?: ((message: string) => void) | undefined
  /** Called when a lock was taken over, because its process is dead or the lock is stale. */
  readonly onTakeOver?: ((message: string) => void) | undefined
}

const describeHolder = ({ owner }: Holder): string =>
  owner === undefined ? "another process" : `process ${owner.pid} on ${owner.host}`

const describeTakeOver = (holder: Holder, reason: "dead" | "stale" | "invalid"): string => {
  switch (reason) {
    case "invalid":
      return "the lock file is a symbolic link, which gentask never creates"
    case "dead":
      return `${describeHolder(holder)}, which was saving this file, is dead`
    default:
      return `${describeHolder(holder)}, which was saving this file, has not responded for ${Math.round(Math.max(holder.ageMs, staleAfterMs) / 1000)} seconds`
  }
}

interface Acquired {
  readonly lock: SaveLock
  /** Called when the lock was lost. */
  readonly onLost: (listener: () => void) => void
  readonly release: () => Promise<void>
  readonly takeOver: string | undefined
}

const startHeartbeat = (file: LockFile): Pick<Acquired, "onLost"> & { readonly stop: () => void } => {
  let notify = (): void => undefined
  const beat = async (): Promise<void> => {
    await file.touch()
    if (!(await file.isHeld())) notify()
  }
  const timer = setInterval(() => void beat().catch(() => undefined), heartbeatMs)
  timer.unref()
  return {
    onLost: (listener) => {
      notify = listener
    },
    stop: () => {
      clearInterval(timer)
      notify = () => undefined
    }
  }
}

/** Creates the lock file, or returns its holder. The holder is undefined if it has just released the lock. */
const tryAcquire = async (
  { dir, stem }: LockOptions,
  heartbeats: HeartbeatWatch
): Promise<Acquired | Holder | undefined> => {
  const owner = makeOwner()
  const path = lockPath(dir, stem)
  const aside = ownedPath(dir, stem, owner.token, "lock")
  let takeOver: string | undefined
  for (;;) {
    const file = await LockFile.create(path, owner, aside)
    if (file !== undefined) {
      const { stop, onLost } = startHeartbeat(file)
      const release = async (): Promise<void> => {
        stop()
        await file.remove()
      }
      return { lock: { token: owner.token, isHeld: () => file.isHeld() }, onLost, release, takeOver }
    }
    const holder = await readHolder(path)
    if (holder === undefined) return undefined
    // gentask creates no folder there, and must not remove one of the user.
    if (holder.isFolder) throw new SaveFailure({ reason: { _tag: "FileExists", path } })
    const reason = reasonToBreak(holder, heartbeats.unchangedMs(holder))
    if (reason === undefined) return holder
    if (!(await breakLock(path, holder, aside))) return holder
    takeOver = describeTakeOver(holder, reason)
  }
}

const isAcquired = (result: Acquired | Holder | undefined): result is Acquired =>
  result !== undefined && "lock" in result

const useLock = <A, E>(
  { lock, onLost, takeOver }: Acquired,
  use: (lock: SaveLock) => Effect.Effect<A, E | LockLost>,
  { onTakeOver }: LockOptions
) => {
  const lost = Effect.callback<never, LockLost>((resume) => onLost(() => resume(Effect.fail(new LockLost()))))
  const run = Effect.suspend(() => {
    if (takeOver !== undefined) onTakeOver?.(takeOver)
    return use(lock)
  })
  return Effect.raceFirst(run, lost).pipe(
    Effect.map(Option.some),
    Effect.catchIf(
      (error): error is LockLost => error instanceof LockLost,
      () => Effect.succeed(Option.none<A>())
    )
  )
}

/**
 * Runs an effect while holding a lock. Waits until the lock is free. Takes over a lock whose owner is dead, or which had
 * no heartbeat for half a minute.
 *
 * If the lock is lost, the effect is interrupted, and runs again when the lock is free.
 */
export const withLock = Effect.fnUntraced(function* <A, E>(
  options: LockOptions,
  use: (lock: SaveLock) => Effect.Effect<A, E | LockLost>
): Effect.fn.Return<A, E | SaveFailure> {
  const path = lockPath(options.dir, options.stem)
  const announced = new Set<string>()
  const heartbeats = new HeartbeatWatch()
  for (;;) {
    let holder: Holder | undefined
    const result = yield* Effect.acquireUseRelease(
      onDisk(path, () => tryAcquire(options, heartbeats)),
      (acquired) => {
        if (isAcquired(acquired)) return useLock(acquired, use, options)
        holder = acquired
        return Effect.succeed(Option.none<A>())
      },
      // A lock that cannot be removed becomes stale.
      (acquired) => (isAcquired(acquired) ? Effect.ignore(Effect.tryPromise(acquired.release)) : Effect.void)
    )
    if (Option.isSome(result)) return result.value
    // An empty lock was created just now: its owner is not known yet.
    if (holder !== undefined && holder.text !== "" && !announced.has(holder.text)) {
      announced.add(holder.text)
      options.onWait?.(`waiting for ${describeHolder(holder)}, which is saving this file`)
    }
    yield* Effect.sleep(retryIntervalMs)
  }
})
