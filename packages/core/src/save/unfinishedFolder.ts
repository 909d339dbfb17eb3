/** The default folder of unfinished files that are stored at a target when they are complete. */
import { homedir } from "node:os"
import { join } from "node:path"

const isSet = (value: string | undefined): value is string => value !== undefined && value.trim() !== ""

const cacheFolder = (env: Readonly<Record<string, string | undefined>>): string => {
  const { XDG_CACHE_HOME: cache, LOCALAPPDATA: local } = env
  // The specification of XDG demands an absolute path.
  if (isSet(cache) && cache.startsWith("/")) return cache
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches")
  if (process.platform === "win32" && isSet(local)) return local
  return join(homedir(), ".cache")
}

/** Returns the folder for the user of these environment variables. */
export const unfinishedFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  join(cacheFolder(env), "gentask", "unfinished")
