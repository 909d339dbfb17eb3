import { createHash } from "node:crypto"
import { readFile, readdir } from "node:fs/promises"
import type { SaveSettings } from "@gentask/core"
import type { TaskScript } from "@gentask/emulator"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startSystems } from "./systems.ts"

/** Returns the SHA-256 of a file. */
export const digestOf = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex")

/** Saves the result of a scripted task. Returns the outcome, the files in the folder, and the requests for the file. */
export const saveScripted = async (script: Partial<TaskScript>, options: Partial<SaveSettings> = {}) => {
  await using context = await startSystems()
  await using folder = await temporaryFolder()
  const { emulator, gentask } = context
  const { id } = emulator.addTask({ vendor: "jimmy", id: "t", ...script })
  const retries: Array<string> = []
  const result = await gentask
    .save(`jimmy:${id}`, { dir: folder.path, onRetry: (_, why) => retries.push(why), ...options })
    .then(
      ([file]) => ({ file }),
      (error: unknown) => ({ error })
    )
  const names = (await readdir(folder.path)).toSorted()
  const sha256 = "file" in result ? await digestOf(result.file?.path ?? "") : undefined
  const digests = await Promise.all(
    [0, 1].map((revision) => emulator.digest("jimmy", id, 0, revision).catch(() => ""))
  )
  const requests = emulator.requests.filter(({ purpose }) => purpose === "media")
  return {
    ...result,
    names,
    /** The revision of the saved file; -1 if its bytes are those of no revision. */
    revision: sha256 === undefined ? -1 : digests.indexOf(sha256),
    retries,
    ranges: requests.map(({ headers }) => headers.range ?? null)
  }
}
