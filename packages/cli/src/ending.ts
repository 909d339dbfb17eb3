/** How the process ends: with everything written, quietly when nobody reads, and never with a stack trace. */
import { inspect } from "node:util"
import { exitStatus } from "./exit.ts"
import { oneLine } from "./output/sanitise.ts"

/** Ends the process when all that was printed is written. */
export const endWith = (status: number): void => {
  process.stdout.write("", () => process.exit(status))
}

/** Whoever closes the pipe, such as `head -1`, has what they wanted. */
export const endOnBrokenPipe = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      process.exit(error.code === "EPIPE" ? exitStatus.succeeded : exitStatus.internal)
    })
  }
}

/** Whether the person wants to see what goes on inside. */
export const isDebugging = (): boolean => (process.env["GENTASK_DEBUG"] ?? "") !== ""

/** Tells of a fault in gentask itself, in one sentence; the stack only to those who ask for it. */
export const reportDefect = (defect: unknown): number => {
  const message = oneLine(defect instanceof Error ? defect.message : String(defect))
  const advice = isDebugging() ? "" : " Set GENTASK_DEBUG=1 to see where, and please report it."
  process.stderr.write(`gentask: a fault in gentask itself: ${message}.${advice}\n`)
  if (isDebugging()) process.stderr.write(`${inspect(defect)}\n`)
  return exitStatus.internal
}
