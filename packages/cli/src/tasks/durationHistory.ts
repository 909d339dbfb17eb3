import { join } from "node:path"
import { DurationStore } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as UserDirectories from "effect/persistence/UserDirectories"
import type * as Scope from "effect/Scope"

/** The path of the history in the user's state folder. Undefined if the user has no home folder. */
const historyPath: Effect.Effect<string | undefined> = Effect.gen(function* () {
  const directories = yield* UserDirectories.UserDirectories
  const folder = yield* Effect.option(directories.state("gentask"))
  return folder._tag === "Some" ? join(folder.value, "durations.json") : undefined
}).pipe(Effect.provide(UserDirectories.layer))

/**
 * Opens the durations of past tasks, which polling learns from. New durations are written when the scope closes.
 */
export const openDurationHistory: Effect.Effect<DurationStore.DurationStore, never, Scope.Scope> = Effect.gen(
  function* () {
    const path = yield* historyPath
    if (path === undefined) return DurationStore.memory()
    return yield* Effect.acquireRelease(
      Effect.promise(() => DurationStore.file(path)),
      (store) => Effect.promise(() => store.flush())
    )
  }
)
