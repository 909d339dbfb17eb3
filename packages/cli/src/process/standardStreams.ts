import { oneLine } from "../output/sanitize.ts"
import { exitStatus } from "./exitStatus.ts"

const callbacks = new Set<(status: number) => void>()
let minStatus: number = exitStatus.success

/**
 * Registers a callback that runs if the standard output fails. It receives the exit status for a command that cannot
 * complete without its output.
 *
 * @returns Removes the callback.
 */
export const onOutputFailure = (callback: (status: number) => void): (() => void) => {
  callbacks.add(callback)
  return () => callbacks.delete(callback)
}

const handleOutputError = (error: NodeJS.ErrnoException): void => {
  const isClosed = error.code === "EPIPE"
  if (!isClosed && minStatus === exitStatus.success) {
    minStatus = exitStatus.internalError
    process.stderr.write(`gentask: cannot write to the standard output: ${oneLine(error.message)}.\n`)
  }
  // The command first records what it has printed.
  setImmediate(() => {
    for (const callback of callbacks) callback(isClosed ? exitStatus.outputClosed : exitStatus.internalError)
  })
}

/**
 * Handles write errors of the standard streams. A command continues without messages. If its standard output fails, the
 * command decides whether it can still complete.
 */
export const handleStreamErrors = (): void => {
  process.stderr.on("error", () => undefined)
  process.stdout.on("error", handleOutputError)
}

/** Ends the process when everything printed on the standard output is written. */
export const exitWhenFlushed = (status: number): void => {
  process.stdout.write("", () => {
    // A write error is reported after the callbacks of the write.
    setImmediate(() => process.exit(Math.max(status, minStatus)))
  })
}
