/** Waits for many tasks, and keeps what each made. */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import * as Stream from "effect/Stream"
import { Tasks } from "@gentask/core/effect"
import type { Settled } from "@gentask/core"
import { Gallery } from "./Gallery.ts"

/** Some tasks of the list have no result here. */
export class Incomplete extends Data.TaggedError("Incomplete")<{ readonly refs: ReadonlyArray<string> }> {
  override readonly [Runtime.errorExitCode] = 1
  /** Each has had its line already. */
  override readonly [Runtime.errorReported] = false
}

/** Keeps one, and prints its line; answers with its ref where there is nothing to keep. */
const settle = Effect.fn("settle")(function* (settled: Settled) {
  const gallery = yield* Gallery
  if (!settled.ok) {
    yield* Console.log(`${settled.ref} not kept: ${settled.error.message}`)
    return [settled.ref]
  }
  return yield* gallery.keep(settled.snapshot).pipe(
    Effect.flatMap((files) => Console.log(`${settled.ref} kept: ${files.map(({ path }) => path).join(" ")}`)),
    Effect.as<ReadonlyArray<string>>([]),
    // Told apart by their tags: a full disk ends the program, any other output that cannot be saved does not.
    Effect.catchTag("SaveError", (error) =>
      error.reason._tag === "DiskFull"
        ? Effect.fail(error)
        : Effect.as(Console.log(`${settled.ref} not kept: ${error.message}`), [settled.ref])
    )
  )
})

/** All tasks are watched at once, and few results are kept at once. */
export const program = Effect.fn("program")(function* (refs: ReadonlyArray<string>) {
  const tasks = yield* Tasks
  const missing = yield* tasks.waitAll(refs, { timeout: "30 minutes" }).pipe(
    Stream.mapEffect(settle, { concurrency: 4, unordered: true }),
    Stream.runCollect,
    Effect.map((lists) => lists.flat())
  )
  return missing.length === 0 ? undefined : yield* new Incomplete({ refs: missing })
})
