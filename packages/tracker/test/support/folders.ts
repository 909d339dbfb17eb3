import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder that is removed at the end of the test. */
export const newFolder = (): Disposable & { readonly path: string } => {
  const path = mkdtempSync(join(tmpdir(), "gentask-tracker-"))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
