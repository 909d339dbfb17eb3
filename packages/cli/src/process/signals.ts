import { exitStatus } from "./exitStatus.ts"

const callbacks = new Set<() => void>()

/**
 * Registers a callback that runs before a signal ends the process. It must be synchronous and fast.
 *
 * @returns A function that removes the callback.
 */
export const onInterrupt = (callback: () => void): (() => void) => {
  callbacks.add(callback)
  return () => callbacks.delete(callback)
}

const exitWith = (status: number) => (): void => {
  for (const callback of callbacks) {
    try {
      callback()
    } catch {
      // A callback that fails must not prevent the exit.
    }
  }
  process.exit(status)
}

/**
 * Ends the process at once on Ctrl-C and similar signals. There is nothing to clean up, since a file has its final
 * name only when it is complete.
 */
export const handleSignals = (): void => {
  process.on("SIGINT", exitWith(exitStatus.interrupted))
  process.on("SIGTERM", exitWith(exitStatus.terminated))
  process.on("SIGHUP", exitWith(exitStatus.hungUp))
}
