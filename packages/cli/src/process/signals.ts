import { exitStatus } from "./exitStatus.ts"

/** How long cleaning up may take after a signal, in milliseconds. */
let maxCleanupMs = 1000
let isStopExpected = false

const callbacks = new Set<() => void>()
let cleanUp: () => Promise<unknown> = () => Promise.resolve()
let isExiting = false

/**
 * Registers a callback that runs before a signal ends the process. It must be synchronous and fast.
 *
 * @returns A function that removes the callback.
 */
export const onInterrupt = (callback: () => void): (() => void) => {
  callbacks.add(callback)
  return () => callbacks.delete(callback)
}

/** Sets how to stop the running command, so that it releases the locks of its files before the process ends. */
export const setCleanup = (stop: () => Promise<unknown>): void => {
  cleanUp = stop
}

/**
 * Makes a signal the normal end of the running command: after the cleanup, its exit status is 0.
 *
 * @param maxMs How long the cleanup may take. A second signal ends it.
 */
export const stopGracefully = (maxMs: number): void => {
  maxCleanupMs = maxMs
  isStopExpected = true
}

/** Whether a signal is ending the process. */
export const isInterrupted = (): boolean => isExiting

const exitWith = (status: number) => (): void => {
  // A second signal does not wait for the cleanup.
  if (isExiting) process.exit(status)
  isExiting = true
  for (const callback of callbacks) {
    try {
      callback()
    } catch {
      // A callback that fails must not prevent the exit.
    }
  }
  const exit = (): never => process.exit(status)
  setTimeout(exit, maxCleanupMs)
  cleanUp().then(() => process.exit(isStopExpected ? exitStatus.success : status), exit)
}

/**
 * Ends the process on Ctrl-C and similar signals. Incomplete downloads can be resumed, and a file has its final name only
 * when it is complete.
 */
export const handleSignals = (): void => {
  process.on("SIGINT", exitWith(exitStatus.interrupted))
  process.on("SIGTERM", exitWith(exitStatus.terminated))
  process.on("SIGHUP", exitWith(exitStatus.hungUp))
}
