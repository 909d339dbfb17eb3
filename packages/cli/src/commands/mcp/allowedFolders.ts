import { statSync } from "node:fs"
import { homedir } from "node:os"
import { parse, resolve } from "node:path"
import * as Effect from "effect/Effect"
import { UsageError } from "../../UsageError.ts"

/** The folders that agents may use, and where results are saved by default. */
export interface AllowedFolders {
  readonly roots: ReadonlyArray<string>
  readonly out: string | undefined
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/**
 * Returns the folders that agents may use: those of `--root`, or else the working folder, and the folder `out` of the
 * configuration. Apps start servers in the home folder or in `/`, which are never allowed unless they are named.
 */
export const allowedFolders = (
  named: ReadonlyArray<string>,
  out: string | undefined,
  workingFolder: string
): Effect.Effect<AllowedFolders, UsageError> => {
  const missing = named.find((path) => !isFolder(path))
  if (missing !== undefined)
    return Effect.fail(
      new UsageError({ message: `Invalid --root ${JSON.stringify(missing)}: there is no such folder.` })
    )
  const isBroad = workingFolder === parse(workingFolder).root || workingFolder === resolve(homedir())
  const roots = named.length > 0 ? named.map((path) => resolve(path)) : isBroad ? [] : [workingFolder]
  const folder = out === undefined ? undefined : resolve(workingFolder, out)
  if (roots.length > 0 || folder !== undefined)
    return Effect.succeed({ roots: folder === undefined ? roots : [...roots, folder], out: folder })
  return Effect.fail(
    new UsageError({
      message: `The working folder ${workingFolder} is too broad for an agent. Name a folder for files with --root DIR.`
    })
  )
}
