/** Waits for several tasks and stores their results. */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import * as Stream from "effect/Stream"
import { Tasks } from "@gentask/core/effect"
import type { Settled } from "@gentask/core"
import { Gallery } from "./Gallery.ts"

/** The results of some tasks could not be stored. */
export class Incomplete extends Data.TaggedError("Incomplete")<{ readonly refs: ReadonlyArray<string> }> {
  override readonly [Runtime.errorExitCode] = 1
  /** The program has printed a line for each of them. */
  override readonly [Runtime.errorReported] = false
}

/** Stores the result of one task and prints a line. Returns the ref if there is no result. */
const storeResult = Effect.fn("storeResult")(function* (settled: Settled) {
  const gallery = yield* Gallery
  if (!settled.ok) {
    yield* Console.log(`${settled.ref} not stored: ${settled.error.message}`)
    return [settled.ref]
  }
  return yield* gallery.store(settled.snapshot).pipe(
    Effect.flatMap((files) =>
      Console.log(`${settled.ref} stored: ${files.map(({ path }) => path).join(" ")}`)
    ),
    Effect.as<ReadonlyArray<string>>([]),
    // A full disk ends the program. It continues after any other error.
    Effect.catchTag("SaveError", (error) =>
      error.reason._tag === "DiskFull"
        ? Effect.fail(error)
        : Effect.as(Console.log(`${settled.ref} not stored: ${error.message}`), [settled.ref])
    )
  )
})

/** Waits for all tasks at once, and stores four results at a time. */
export const program = Effect.fn("program")(function* (refs: ReadonlyArray<string>) {
  const tasks = yield* Tasks
  const missing = yield* tasks.waitAll(refs, { timeout: "30 minutes" }).pipe(
    Stream.mapEffect(storeResult, { concurrency: 4, unordered: true }),
    Stream.runCollect,
    Effect.map((lists) => lists.flat())
  )
  return missing.length === 0 ? undefined : yield* new Incomplete({ refs: missing })
})
