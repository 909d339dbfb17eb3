import { readdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as UserDirectories from "effect/persistence/UserDirectories"
import { UsageError } from "../UsageError.ts"

const fileNames = ["ts", "mts", "js", "mjs", "json"].map((extension) => `gentask.config.${extension}`)
const projectMarkers = ["package.json", ".git"]

const list = (folder: string): Promise<ReadonlyArray<string>> => readdir(folder).catch(() => [])

/** Lists a folder and its parents up to the root of the project. Outside of a project, lists only the folder. */
const listUpToProject = async (
  from: string
): Promise<ReadonlyArray<readonly [folder: string, entries: ReadonlyArray<string>]>> => {
  const folders: Array<readonly [string, ReadonlyArray<string>]> = []
  for (let folder = from; ; folder = dirname(folder)) {
    const entries = await list(folder)
    folders.push([folder, entries])
    if (projectMarkers.some((marker) => entries.includes(marker))) return folders
    if (dirname(folder) === folder) return folders.slice(0, 1)
  }
}

/** Finds the project's configuration file, from the working folder up to the nearest package.json or .git. */
export const findProjectFile = Effect.fnUntraced(function* (
  from: string
): Effect.fn.Return<string | undefined, UsageError> {
  for (const [folder, entries] of yield* Effect.promise(() => listUpToProject(from))) {
    const found = fileNames.filter((name) => entries.includes(name))
    if (found.length > 1) {
      return yield* new UsageError({
        message: `There are several configuration files in ${folder}: ${found.join(", ")}. Keep only one of them.`
      })
    }
    if (found[0] !== undefined) return join(folder, found[0])
  }
  return undefined
})

/** The path of the user's own configuration file. Undefined if the user has no home folder. */
export const userFile: Effect.Effect<string | undefined> = Effect.gen(function* () {
  const directories = yield* UserDirectories.UserDirectories
  const folder = yield* Effect.option(directories.config("gentask"))
  return folder._tag === "Some" ? join(folder.value, "config.json") : undefined
}).pipe(Effect.provide(UserDirectories.layer))
