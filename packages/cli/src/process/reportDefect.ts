import { inspect } from "node:util"
import { oneLine } from "../output/sanitize.ts"
import { exitStatus } from "./exitStatus.ts"

/** Whether GENTASK_DEBUG is set. */
export const isDebugMode = (): boolean => (process.env["GENTASK_DEBUG"] ?? "") !== ""

/** Prints an internal error on one line. Prints its stack only in debug mode. */
export const reportDefect = (defect: unknown): number => {
  const message = oneLine(defect instanceof Error ? defect.message : String(defect)).replace(/\.$/, "")
  const advice = isDebugMode() ? "" : " Set GENTASK_DEBUG=1 to see the stack trace, and please report it."
  process.stderr.write(`gentask: internal error: ${message}.${advice}\n`)
  if (isDebugMode()) process.stderr.write(`${inspect(defect)}\n`)
  return exitStatus.internalError
}
