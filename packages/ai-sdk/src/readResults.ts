/** Reads the results of a task of a client of gentask. */
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Gentask, SavedFile, SaveOptions, SucceededSnapshot } from "@gentask/core"
import type { ResultFile } from "./TaskPort.ts"

type Saver = Pick<Gentask, "save">

const toResult = (ref: string, { path, url, mediaType, bytes, sha256 }: SavedFile): ResultFile => ({
  ref,
  path,
  mediaType,
  bytes,
  sha256,
  ...(url === undefined ? {} : { publicUrl: url })
})

/** Saves the results of a task, and returns where they are. */
export const saveResults = async (
  gentask: Saver,
  snapshot: SucceededSnapshot,
  save: SaveOptions,
  signal: AbortSignal | undefined
): Promise<ReadonlyArray<ResultFile>> => {
  const files = await gentask.save(snapshot, { ...save, signal })
  return files.map((file) => toResult(snapshot.ref, file))
}

/** Downloads the results of a task: with retries, resumed and verified, as `save` does. Nothing stays on the disk. */
export const downloadResults = async (
  gentask: Saver,
  snapshot: SucceededSnapshot,
  settings: Partial<SaveOptions>,
  signal: AbortSignal | undefined
): Promise<ReadonlyArray<ResultFile>> => {
  const dir = await mkdtemp(join(tmpdir(), "gentask-ai-sdk-"))
  try {
    const files = await saveResults(gentask, snapshot, { ...settings, dir, target: undefined }, signal)
    return await Promise.all(
      files.map(async (file) => ({ ...file, data: await readFile(file.path ?? ""), path: undefined }))
    )
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Saves the results of a task, and returns their bytes as well. */
export const saveAndRead = async (
  gentask: Saver,
  snapshot: SucceededSnapshot,
  save: SaveOptions,
  signal: AbortSignal | undefined
): Promise<ReadonlyArray<ResultFile>> => {
  const saved = await saveResults(gentask, snapshot, save, signal)
  if (save.target === undefined)
    return Promise.all(saved.map(async (file) => ({ ...file, data: await readFile(file.path ?? "") })))
  // A target keeps no local file.
  const downloaded = await downloadResults(gentask, snapshot, save, signal)
  return saved.map((file) => ({
    ...file,
    ...downloaded.find(({ sha256 }) => sha256 === file.sha256),
    path: file.path
  }))
}

/** Returns the vendor's links of a task, and the bytes of media that the vendor sent without a link. */
export const linkResults = ({
  ref,
  outputs
}: Pick<SucceededSnapshot, "ref" | "outputs">): ReadonlyArray<ResultFile> => {
  const results = outputs.filter(({ role }) => role === "result")
  return (results.length === 0 ? outputs : results).flatMap(
    ({ url, inline, mediaType }): ReadonlyArray<ResultFile> => {
      const file = { ref, mediaType: mediaType ?? "application/octet-stream" }
      if (url !== null) return [{ ...file, url }]
      return inline === null ? [] : [{ ...file, data: Buffer.from(inline.base64, "base64") }]
    }
  )
}
