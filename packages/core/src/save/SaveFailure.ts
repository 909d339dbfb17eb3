/** Why one output could not be saved, before it becomes the `SaveError` of a task. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { SaveErrorReason } from "./SaveError.ts"

/** The reason of a future `SaveError`, and the exception behind it. */
export class SaveFailure extends Data.TaggedError("SaveFailure")<{
  readonly reason: SaveErrorReason
  readonly cause?: unknown
}> {}

/** Codes of the operating system, such as `EACCES`; Node's own, such as `ERR_INVALID_ARG_TYPE`, indicate a bug. */
const systemCode = /^E[A-Z0-9]+$/

const reasonOf = (path: string, cause: unknown): SaveErrorReason => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  if (code === "ENOSPC" || code === "EDQUOT") return { _tag: "DiskFull", path }
  if (systemCode.test(code)) return { _tag: "NotWritable", path, code }
  return { _tag: "Unexpected", detail: String(cause) }
}

/** Converts an exception of code that uses the file at `path`. */
export const toSaveFailure = (path: string, cause: unknown): SaveFailure =>
  new SaveFailure({ reason: reasonOf(path, cause), cause })

/** Runs code that uses the file at `path`, and may throw a `SaveFailure`. The signal is aborted when the effect is interrupted. */
export const onDisk = <A>(
  path: string,
  use: (signal: AbortSignal) => Promise<A>
): Effect.Effect<A, SaveFailure> =>
  Effect.tryPromise({
    try: use,
    catch: (cause) => (cause instanceof SaveFailure ? cause : toSaveFailure(path, cause))
  })
