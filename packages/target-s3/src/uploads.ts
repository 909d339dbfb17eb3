import type { S3Client, S3SendOptions } from "./S3Client.ts"
import { elements, rootOf, textOf } from "./xml.ts"

/** Aborts an unfinished upload, which may be gone already. */
export const abortUpload = async (
  client: S3Client,
  key: string,
  uploadId: string,
  options: S3SendOptions
): Promise<void> => {
  await client.send({ method: "DELETE", key, query: { uploadId } }, { ...options, accepts: [404] })
}

/** Returns the ids of the unfinished uploads under exactly this key. Empty if the server cannot list them, or must not. */
const listUploads = async (
  client: S3Client,
  key: string,
  options: S3SendOptions
): Promise<ReadonlyArray<string>> => {
  // The first page is enough: the uploads are sorted by key, and no longer key precedes this one.
  const { status, text } = await client.send(
    { method: "GET", query: { uploads: "", prefix: key } },
    { ...options, accepts: [400, 403, 404, 405, 501] }
  )
  // A server without this operation may respond with a list of objects.
  if (status !== 200 || rootOf(text) !== "ListMultipartUploadsResult") return []
  return elements(text, "Upload")
    .filter((upload) => textOf(upload, "Key") === key)
    .flatMap((upload) => textOf(upload, "UploadId") ?? [])
}

/** Aborts all unfinished uploads under exactly this key, such as those of processes that were killed. */
export const abortUploads = async (client: S3Client, key: string, options: S3SendOptions): Promise<void> => {
  for (const uploadId of await listUploads(client, key, options))
    await abortUpload(client, key, uploadId, options)
}
