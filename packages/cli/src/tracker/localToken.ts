import { randomBytes } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { defaultLedgerPath } from "@gentask/ledger/internal/path"

/** A token, and whether it was created now. */
export interface LocalToken {
  readonly token: string
  readonly isNew: boolean
  readonly path: string
}

const tokenPath = (): string => join(dirname(defaultLedgerPath()), "tracker-token")

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code

/** Reads the token of the trackers on this machine. Returns undefined if it is missing. */
export const readLocalToken = async (): Promise<string | undefined> => {
  try {
    const token = (await readFile(tokenPath(), "utf8")).trim()
    return token === "" ? undefined : token
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw error
  }
}

/** Reads the token of the trackers on this machine, or creates it in a file that only this user can read. */
export const ensureLocalToken = async (): Promise<LocalToken> => {
  const path = tokenPath()
  const known = await readLocalToken()
  if (known !== undefined) return { token: known, isNew: false, path }
  const token = `gtk_${randomBytes(32).toString("base64url")}`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await writeFile(path, `${token}\n`, { mode: 0o600, flag: "wx" })
    return { token, isNew: true, path }
  } catch (error) {
    // Another tracker has created it since, or the file is empty.
    const created = codeOf(error) === "EEXIST" ? await readLocalToken() : undefined
    if (created !== undefined) return { token: created, isNew: false, path }
    throw error
  }
}
