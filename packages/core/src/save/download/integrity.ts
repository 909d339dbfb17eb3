/** Whether what came is what was sent: by the digest that the server names, or else by the file's own end. */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { open } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"

const digestOf = async (path: string, algorithm: string): Promise<string> => {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest("base64")
}

/** The digest of the whole file that an answer names: `Repr-Digest` (RFC 9530), `Digest`, `Content-MD5`. */
const named = (
  headers: Readonly<Record<string, string>>,
  isPartial: boolean
): { readonly algorithm: string; readonly value: string } | undefined => {
  const fields = `${headers["repr-digest"] ?? ""},${headers["digest"] ?? ""}`
  const match = /(sha-256|sha-512|md5)=:?([A-Za-z0-9+/]+={0,2}):?/i.exec(fields)
  const lengths: Readonly<Record<string, number>> = { sha256: 44, sha512: 88, md5: 24 }
  const algorithm = match?.[1]?.replace("-", "").toLowerCase() ?? ""
  // In another form than base64 it is as good as not there.
  const value = match?.[2]
  if (value !== undefined && value.length === lengths[algorithm]) return { algorithm, value }
  const md5 = headers["content-md5"]?.trim()
  // Of a part, `Content-MD5` is the part's.
  return md5 === undefined || isPartial || !/^[A-Za-z0-9+/]{22}==$/.test(md5)
    ? undefined
    : { algorithm: "md5", value: md5 }
}

/** Checks a file against the digest that the server names; true where it names none. */
export const matchesDigest = async (
  path: string,
  headers: Readonly<Record<string, string>>,
  isPartial: boolean
): Promise<boolean> => {
  const digest = named(headers, isPartial)
  return digest === undefined || (await digestOf(path, digest.algorithm)) === digest.value
}

const read = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** Walks the boxes of an MP4 (ISO 14496-12, 4.2): the last one must end where the file does. */
const endsWithBox = async (file: FileHandle, size: number): Promise<boolean> => {
  let position = 0
  while (position < size) {
    const head = await read(file, position, 16)
    if (head.length < 8) return false
    const short = head.readUInt32BE(0)
    if (short === 0) return true
    const length = short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short
    if (length < 8) return false
    position += length
  }
  return position === size
}

const ends: Readonly<Record<string, (file: FileHandle, size: number) => Promise<boolean>>> = {
  "image/png": async (file, size) => (await read(file, Math.max(0, size - 8), 4)).equals(Buffer.from("IEND")),
  "image/gif": async (file, size) => (await read(file, size - 1, 1))[0] === 0x3b,
  "image/jpeg": async (file, size) =>
    (await read(file, Math.max(0, size - 4096), Math.min(size, 4096))).includes(Buffer.from([0xff, 0xd9])),
  "image/webp": async (file, size) => (await read(file, 4, 4)).readUInt32LE(0) + 8 <= size,
  "video/mp4": endsWithBox,
  "video/quicktime": endsWithBox
}

/** Whether a file has the end that its format demands; true for formats whose end nobody can tell. */
export const hasCompleteEnd = async (path: string, mime: string): Promise<boolean> => {
  const check = ends[mime]
  if (check === undefined) return true
  const file = await open(path, "r")
  try {
    return await check(file, (await file.stat()).size)
  } finally {
    await file.close()
  }
}
