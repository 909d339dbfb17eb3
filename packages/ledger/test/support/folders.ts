/** Empty folders that are removed after the tests. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const created: Array<string> = []

/** Creates an empty folder. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "gentask-ledger-"))
  created.push(folder)
  return folder
}

/** Removes all folders that were created. */
export const removeFolders = (): void => {
  for (const folder of created.splice(0)) rmSync(folder, { recursive: true, force: true })
}
