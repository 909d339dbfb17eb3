import { createHash } from "node:crypto"
import type { TargetDigest } from "@gentask/core"
import type { FileParts } from "./FileParts.ts"
import type { S3Client } from "./S3Client.ts"
import type { S3SendOptions } from "./S3Client.ts"
import { S3Error } from "./S3Error.ts"

/** What the server reports about an object. */
export interface StoredObject {
  readonly bytes: number
  /** The digest in the metadata that gentask has stored with the object; undefined for objects of others. */
  readonly sha256: string | undefined
  /** The checksum of the object, or, with a hyphen, of the checksums of its parts. */
  readonly checksum: string | undefined
  readonly etag: string | undefined
}

/** The metadata with the digest of an object. */
export const digestHeader = "x-amz-meta-sha256"

/** Requests an object; undefined if it is absent. */
export const findObject = async (
  client: S3Client,
  key: string,
  options: S3SendOptions
): Promise<StoredObject | undefined> => {
  const { status, headers } = await client.send(
    { method: "HEAD", key, headers: { "x-amz-checksum-mode": "ENABLED" } },
    { ...options, accepts: [404] }
  )
  if (status === 404) return undefined
  return {
    bytes: Number(headers["content-length"] ?? Number.NaN),
    sha256: headers[digestHeader],
    checksum: headers["x-amz-checksum-sha256"],
    etag: headers["etag"]?.replaceAll('"', "")
  }
}

/** Reads an object, and returns the digest of its bytes in hexadecimal; undefined if it is absent. */
const readDigest = async (
  client: S3Client,
  key: string,
  { signal }: S3SendOptions
): Promise<string | undefined> => {
  const { status, body, close } = await client.open(key, {}, signal)
  try {
    if (status === 404) return undefined
    if (status !== 200)
      throw new S3Error(`the stored file cannot be read (HTTP ${status})`, {
        isRetryable: true,
        httpStatus: status
      })
    const hash = createHash("sha256")
    for await (const chunk of body) hash.update(chunk)
    return hash.digest("hex")
  } finally {
    await close()
  }
}

/** Whether the checksum is that of the whole object, and not of the checksums of its parts. */
const isWhole = (checksum: string | undefined): checksum is string =>
  checksum !== undefined && !checksum.includes("-")

const toBase64 = (sha256: string): string => Buffer.from(sha256, "hex").toString("base64")

/**
 * Whether an object certainly has the bytes of a local file. What the metadata says is no proof, since it was sent before
 * the bytes.
 */
export const hasBytesOf = async (
  client: S3Client,
  key: string,
  { bytes, checksum, etag }: StoredObject,
  file: TargetDigest & Pick<FileParts, "checksum" | "etag">,
  options: S3SendOptions
): Promise<boolean> => {
  if (bytes !== file.bytes) return false
  if (isWhole(checksum)) return checksum === toBase64(file.sha256)
  if (checksum === file.checksum || etag === file.etag) return true
  return (await readDigest(client, key, options)) === file.sha256
}

/** Whether an object is still the one that a manifest describes. */
export const isDescribedBy = async (
  client: S3Client,
  key: string,
  { bytes, sha256, checksum }: StoredObject,
  digest: TargetDigest,
  options: S3SendOptions
): Promise<boolean> => {
  if (bytes !== digest.bytes) return false
  if (isWhole(checksum)) return checksum === toBase64(digest.sha256)
  // An object never changes: it is replaced, with its metadata. A copy may have lost them.
  if (sha256 !== undefined) return sha256 === digest.sha256
  return (await readDigest(client, key, options)) === digest.sha256
}
