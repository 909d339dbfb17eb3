/** How long tasks took, remembered from run to run, so that polls come when a task is likely to end. */
import { join } from "node:path"
import { DurationStore } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as UserDirectories from "effect/persistence/UserDirectories"
import type * as Scope from "effect/Scope"

/** The file, in the user's state folder; undefined where there is no home to have one in. */
const historyFile: Effect.Effect<string | undefined> = Effect.gen(function* () {
  const directories = yield* UserDirectories.UserDirectories
  const folder = yield* Effect.option(directories.state("gentask"))
  return folder._tag === "Some" ? join(folder.value, "durations.json") : undefined
}).pipe(Effect.provide(UserDirectories.layer))

/** Opens the history, and writes what was learned when all is done. */
export const openHistory: Effect.Effect<DurationStore.DurationStore, never, Scope.Scope> = Effect.gen(
  function* () {
    const path = yield* historyFile
    if (path === undefined) return DurationStore.memory()
    return yield* Effect.acquireRelease(
      Effect.promise(() => DurationStore.file(path)),
      (store) => Effect.promise(() => store.flush())
    )
  }
)
