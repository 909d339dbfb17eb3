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

/** The secrets of this user. The names are those of their files in the folder of the ledger. */
export type LocalSecretName = "tracker-token" | "mcp-token" | "mcp-secret"

const tokenPath = (name: LocalSecretName): string => join(dirname(defaultLedgerPath()), name)

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code

/** Reads a token of this machine. Returns undefined if it is missing. */
export const readLocalToken = async (
  name: LocalSecretName = "tracker-token"
): Promise<string | undefined> => {
  try {
    const token = (await readFile(tokenPath(name), "utf8")).trim()
    return token === "" ? undefined : token
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw error
  }
}

/** Reads a token of this machine, or creates it in a file that only this user can read. */
export const ensureLocalToken = async (name: LocalSecretName = "tracker-token"): Promise<LocalToken> => {
  const path = tokenPath(name)
  const known = await readLocalToken(name)
  if (known !== undefined) return { token: known, isNew: false, path }
  const token = `gtk_${randomBytes(32).toString("base64url")}`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await writeFile(path, `${token}\n`, { mode: 0o600, flag: "wx" })
    return { token, isNew: true, path }
  } catch (error) {
    // Another process has created it since, or the file is empty.
    const created = codeOf(error) === "EEXIST" ? await readLocalToken(name) : undefined
    if (created !== undefined) return { token: created, isNew: false, path }
    throw error
  }
}
