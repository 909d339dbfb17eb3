/** Checks that a downloaded file is complete: by the digest in the response headers, or by the end of its format. */
import { createHash } from "node:crypto"
import { open } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { hashFile } from "../hashFile.ts"

interface Digest {
  readonly algorithm: string
  /** In base64. */
  readonly value: string
}

/** Lengths of digests in base64. */
const digestLengths: Readonly<Record<string, number>> = { sha256: 44, sha512: 88, md5: 24 }

/** The digest of the complete file from `Repr-Digest` (RFC 9530), `Digest` or `Content-MD5`. */
const digestFromHeaders = (
  headers: Readonly<Record<string, string>>,
  isPartial: boolean
): Digest | undefined => {
  const fields = `${headers["repr-digest"] ?? ""},${headers["digest"] ?? ""}`
  const match = /(sha-256|sha-512|md5)=:?([A-Za-z0-9+/]+={0,2}):?/i.exec(fields)
  const algorithm = match?.[1]?.replace("-", "").toLowerCase() ?? ""
  const value = match?.[2]
  // Other encodings than base64 are ignored.
  if (value !== undefined && value.length === digestLengths[algorithm]) return { algorithm, value }
  const md5 = headers["content-md5"]?.trim()
  // In a partial response, `Content-MD5` is the digest of the part.
  return md5 === undefined || isPartial || !/^[A-Za-z0-9+/]{22}==$/.test(md5)
    ? undefined
    : { algorithm: "md5", value: md5 }
}

/**
 * Checks a file against the digest in the response headers.
 *
 * @param isPartial Whether the headers are those of a partial response.
 * @returns True also if the headers contain no digest.
 */
export const matchesDigestHeader = async (
  path: string,
  headers: Readonly<Record<string, string>>,
  isPartial: boolean
): Promise<boolean> => {
  const digest = digestFromHeaders(headers, isPartial)
  if (digest === undefined) return true
  const hash = await hashFile(path, createHash(digest.algorithm))
  return hash.digest("base64") === digest.value
}

const read = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** Whether the last box of an MP4 (ISO 14496-12, 4.2) ends at the end of the file. */
const endsWithBox = async (file: FileHandle, size: number): Promise<boolean> => {
  let position = 0
  while (position < size) {
    const header = await read(file, position, 16)
    if (header.length < 8) return false
    const shortLength = header.readUInt32BE(0)
    // Length 0 means that the box extends to the end of the file, and 1 that a 64-bit length follows.
    if (shortLength === 0) return true
    const length = shortLength === 1 && header.length === 16 ? Number(header.readBigUInt64BE(8)) : shortLength
    if (length < 8) return false
    position += length
  }
  return position === size
}

const endChecks: Readonly<Record<string, (file: FileHandle, size: number) => Promise<boolean>>> = {
  "image/png": async (file, size) => (await read(file, Math.max(0, size - 8), 4)).equals(Buffer.from("IEND")),
  "image/gif": async (file, size) => (await read(file, size - 1, 1))[0] === 0x3b,
  "image/jpeg": async (file, size) =>
    (await read(file, Math.max(0, size - 4096), Math.min(size, 4096))).includes(Buffer.from([0xff, 0xd9])),
  "image/webp": async (file, size) => (await read(file, 4, 4)).readUInt32LE(0) + 8 <= size,
  "video/mp4": endsWithBox,
  "video/quicktime": endsWithBox
}

/**
 * Checks that a file has the end marker of its format. Needed only where the length of the file is unknown.
 *
 * @returns True also for formats without an end marker.
 */
export const hasCompleteEnd = async (path: string, mediaType: string): Promise<boolean> => {
  const check = endChecks[mediaType]
  if (check === undefined) return true
  const file = await open(path, "r")
  try {
    return await check(file, (await file.stat()).size)
  } finally {
    await file.close()
  }
}
