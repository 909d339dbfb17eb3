import { createHash, randomUUID } from "node:crypto"
import { open, rename, rm } from "node:fs/promises"
import type { FileJson } from "../api/TaskJson.ts"
import type { HttpConnection } from "./HttpConnection.ts"
import { TrackerError } from "./TrackerError.ts"

/** Downloads a saved file to a path. The path has the whole, verified file, or is not changed. */
export const downloadFile = async (
  connection: HttpConnection,
  file: FileJson,
  path: string,
  signal: AbortSignal | undefined
): Promise<void> => {
  const response = await connection.send({ path: file.url, signal, timeoutMs: null })
  const part = `${path}.${randomUUID()}.part`
  const handle = await open(part, "wx")
  try {
    const hash = createHash("sha256")
    try {
      for await (const chunk of response.body ?? []) {
        hash.update(chunk as Uint8Array)
        await handle.writeFile(chunk as Uint8Array)
      }
    } catch (cause) {
      signal?.throwIfAborted()
      throw connection.unreachable(cause)
    }
    if (hash.digest("hex") !== file.sha256)
      throw new TrackerError("InvalidFile", `${file.name} differs from its digest. Download it again.`)
    await handle.sync()
    await handle.close()
    await rename(part, path)
  } catch (error) {
    await handle.close()
    await rm(part, { force: true })
    throw error
  }
}
