/** Names of the hidden files that saving uses. `stem` is the stem of an output's file name. */
import { join } from "node:path"
import { tokenPattern } from "../process/processToken.ts"

/** The lock of the outputs with the same role of a task. */
export const lockPath = (dir: string, stem: string): string => join(dir, `.${stem}.lock`)

/** A part file without an owner, left by a download that failed. The next owner of the lock resumes it. */
export const releasedPartPath = (dir: string, stem: string): string => join(dir, `.${stem}.part`)

/** A file that only the owner of the token writes to. */
export const ownedPath = (dir: string, stem: string, token: string, suffix: string): string =>
  join(dir, `.${stem}.${token}.${suffix}`)

/** The token and the suffix of an owned file; undefined for any other name. */
export const parseOwnedName = (
  name: string,
  stem: string
): { readonly token: string; readonly suffix: string } | undefined => {
  const prefix = `.${stem}.`
  if (!name.startsWith(prefix)) return undefined
  const [token = "", ...suffix] = name.slice(prefix.length).split(".")
  return tokenPattern.test(token) ? { token, suffix: suffix.join(".") } : undefined
}
