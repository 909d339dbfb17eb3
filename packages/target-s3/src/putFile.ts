import type { TargetDigest, TargetFile, TargetPutOptions, TargetPutResult } from "@gentask/core"
import { readFileParts } from "./FileParts.ts"
import type { FileParts } from "./FileParts.ts"
import { MultipartNote } from "./MultipartNote.ts"
import { readObjectText } from "./readObjectText.ts"
import type { S3Client, S3SendOptions } from "./S3Client.ts"
import { S3Error } from "./S3Error.ts"
import { sha256Hex } from "./sha256Hex.ts"
import { findObject, hasBytesOf, isDescribedBy } from "./StoredObject.ts"
import type { StoredObject } from "./StoredObject.ts"
import { uploadFile } from "./uploadFile.ts"
import { abortUpload, abortUploads } from "./uploads.ts"

/** How often to upload a file while other processes change the object. */
const maxUploads = 5

/** The key of the manifest of a file. */
export const manifestKey = (key: string): string => `${key}.json`

const digestIn = (text: string, name: string, role: unknown): TargetDigest | undefined => {
  try {
    const json = JSON.parse(text) as Record<string, unknown> | null
    const { file, bytes, sha256 } = json ?? {}
    return file === name && json?.["role"] === role && typeof bytes === "number" && typeof sha256 === "string"
      ? { bytes, sha256 }
      : undefined
  } catch {
    return undefined
  }
}

/** Whether an object and its manifest are a complete output of the same role, which must not be replaced. */
const isComplete = async (
  client: S3Client,
  key: string,
  file: TargetFile,
  stored: StoredObject,
  options: S3SendOptions
): Promise<boolean> => {
  const text = await readObjectText(client, manifestKey(key), options)
  const { role } = JSON.parse(file.manifest) as { readonly role?: unknown }
  const digest = text === undefined ? undefined : digestIn(text, file.name, role)
  return digest !== undefined && isDescribedBy(client, key, stored, digest, options)
}

const putManifest = async (
  client: S3Client,
  key: string,
  { manifest }: TargetFile,
  options: S3SendOptions
): Promise<void> => {
  await client.send(
    {
      method: "PUT",
      key: manifestKey(key),
      headers: {
        "content-type": "application/json",
        "x-amz-checksum-sha256": Buffer.from(sha256Hex(manifest), "hex").toString("base64")
      },
      body: manifest
    },
    options
  )
}

/** Removes all unfinished uploads under the key: those of this process, and of others that were killed. */
const removeUploads = async (
  client: S3Client,
  key: string,
  { parts }: FileParts,
  { note }: TargetPutOptions,
  options: S3SendOptions
): Promise<void> => {
  const unfinished = await MultipartNote.read(note)
  if (unfinished !== undefined) await abortUpload(client, key, unfinished.uploadId, options)
  if (unfinished !== undefined || parts.length > 1) await abortUploads(client, key, options)
  await note.remove()
}

/**
 * Stores a file as an object, verifies it, and stores its manifest. What is stored already decides what is done, also after
 * a response was lost or a process was killed.
 */
export const putFile = async (
  client: S3Client,
  key: string,
  file: TargetFile,
  put: TargetPutOptions
): Promise<TargetPutResult> => {
  const { signal, onRetry, isHeld, overwrite, note } = put
  const options = { signal, onRetry }
  const parts = await readFileParts(file, client.settings.partSize, signal)
  const expected = { ...file, checksum: parts.checksum, etag: parts.etag }
  for (let uploads = 0; ; uploads += 1) {
    if (!(await isHeld())) return "superseded"
    const stored = await findObject(client, key, options)
    const isOwn = stored?.sha256 === file.sha256
    if (stored !== undefined && isOwn && (await hasBytesOf(client, key, stored, expected, options))) break
    if (stored !== undefined && (await isComplete(client, key, file, stored, options))) {
      await removeUploads(client, key, parts, put, options)
      return "superseded"
    }
    // An object with the metadata of gentask and no matching manifest was never complete.
    if (stored !== undefined && stored.sha256 === undefined && !overwrite) return "exists"
    if (uploads === maxUploads)
      throw new S3Error("the stored object does not have the bytes of the file", { isRetryable: true })
    if (uploads > 0) onRetry("the stored object does not have the bytes of the file")
    await uploadFile(client, { key, file, parts, note, isNew: stored === undefined }, options)
  }
  if (!(await isHeld())) return "superseded"
  await removeUploads(client, key, parts, put, options)
  await putManifest(client, key, file, options)
  return "stored"
}
