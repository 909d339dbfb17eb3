import { createHash } from "node:crypto"
import { openAsBlob } from "node:fs"
import { open } from "node:fs/promises"
import type { TargetFile } from "@gentask/core"
import { S3Error } from "./S3Error.ts"

/** S3 allows no more parts. */
const maxParts = 10_000

/** Bytes to read at once. */
const chunkBytes = 256 * 1024

/** A part of a local file. */
export interface FilePart {
  /** From 1. */
  readonly number: number
  readonly start: number
  readonly end: number
  readonly sha256: Buffer
  readonly md5: Buffer
}

/** The parts of a local file. There is at least one. */
export interface FileParts {
  readonly partSize: number
  readonly parts: ReadonlyArray<FilePart>
  /** Reads a part. Its bytes are read when it is sent. */
  readonly blobOf: (part: FilePart) => Blob
  /** What the server reports as the checksum of the object: of the object, or of the checksums of its parts. */
  readonly checksum: string
  /** The entity tag of an object that is not encrypted with a key of the user. */
  readonly etag: string
}

const digest = (algorithm: "md5" | "sha256", data: ReadonlyArray<Buffer>): Buffer => {
  const hash = createHash(algorithm)
  for (const each of data) hash.update(each)
  return hash.digest()
}

/** The size of the parts of a file, in bytes. */
export const partSizeOf = (bytes: number, partSize: number): number =>
  Math.max(partSize, Math.ceil(bytes / maxParts))

/** Reads a local file once, and computes the digests of its parts. Fails if it is not the file that was verified. */
export const readFileParts = async (
  { path, bytes, sha256 }: Pick<TargetFile, "path" | "bytes" | "sha256">,
  minPartSize: number,
  signal: AbortSignal
): Promise<FileParts> => {
  const partSize = partSizeOf(bytes, minPartSize)
  const whole = createHash("sha256")
  const parts: Array<FilePart> = []
  const file = await open(path, "r")
  try {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, bytes)))
    for (let start = 0; start < bytes || parts.length === 0; start += partSize) {
      const end = Math.min(bytes, start + partSize)
      const [hash, md5] = [createHash("sha256"), createHash("md5")]
      for (let position = start; position < end;) {
        signal.throwIfAborted()
        const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - position), position)
        if (bytesRead === 0) break
        const chunk = buffer.subarray(0, bytesRead)
        for (const each of [whole, hash, md5]) each.update(chunk)
        position += bytesRead
      }
      parts.push({ number: parts.length + 1, start, end, sha256: hash.digest(), md5: md5.digest() })
    }
  } finally {
    await file.close()
  }
  if (whole.digest("hex") !== sha256)
    throw new S3Error("another process has changed the local file", { isRetryable: true })
  const blob = await openAsBlob(path)
  const isSingle = parts.length === 1
  const [first] = parts
  const sha256s = parts.map((part) => part.sha256)
  const md5s = parts.map((part) => part.md5)
  return {
    partSize,
    parts,
    blobOf: ({ start, end }) => blob.slice(start, end),
    checksum:
      isSingle && first !== undefined
        ? first.sha256.toString("base64")
        : `${digest("sha256", sha256s).toString("base64")}-${parts.length}`,
    etag:
      isSingle && first !== undefined
        ? first.md5.toString("hex")
        : `${digest("md5", md5s).toString("hex")}-${parts.length}`
  }
}
