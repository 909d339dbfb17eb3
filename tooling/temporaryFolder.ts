import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Creates an empty folder that is removed when it is disposed. */
export const temporaryFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), "gentask-"))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
