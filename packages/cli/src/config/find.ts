/** Where configuration files are. */
import { readdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as UserDirectories from "effect/persistence/UserDirectories"
import { UsageError } from "../UsageError.ts"

const names = ["ts", "mts", "js", "mjs", "json"].map((extension) => `gentask.config.${extension}`)
const rootSigns = ["package.json", ".git"]

const namesIn = (folder: string): Promise<ReadonlyArray<string>> => readdir(folder).catch(() => [])

/** The folders from here up to the project's root; only this one, where there is no project. */
const foldersOf = async (from: string): Promise<ReadonlyArray<readonly [string, ReadonlyArray<string>]>> => {
  const folders: Array<readonly [string, ReadonlyArray<string>]> = []
  for (let folder = from; ; folder = dirname(folder)) {
    const held = await namesIn(folder)
    folders.push([folder, held])
    if (rootSigns.some((sign) => held.includes(sign))) return folders
    if (dirname(folder) === folder) return folders.slice(0, 1)
  }
}

/** The project's configuration file: in the working folder, or above it up to the nearest package.json or .git. */
export const findProjectFile = (from: string): Effect.Effect<string | undefined, UsageError> =>
  Effect.gen(function* () {
    for (const [folder, held] of yield* Effect.promise(() => foldersOf(from))) {
      const found = names.filter((name) => held.includes(name))
      if (found.length > 1) {
        return yield* new UsageError({
          message: `There is more than one configuration file in ${folder}: ${found.join(", ")}. Keep one of them.`
        })
      }
      if (found[0] !== undefined) return join(folder, found[0])
    }
    return undefined
  })

/** The user's own configuration file; undefined where there is no home to have one in. */
export const userFile: Effect.Effect<string | undefined> = Effect.gen(function* () {
  const directories = yield* UserDirectories.UserDirectories
  const folder = yield* Effect.option(directories.config("gentask"))
  return folder._tag === "Some" ? join(folder.value, "config.json") : undefined
}).pipe(Effect.provide(UserDirectories.layer))
