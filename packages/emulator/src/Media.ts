/** The result files: real, decodable, and the same on every run. Small ones are samples, larger ones are padded. */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import type { ByteSource } from "./ByteSource.ts"
import { joined } from "./ByteSource.ts"
import { makePadding, paddingPlace } from "./Padding.ts"

/** The media types that a task can result in. */
export const mediaTypes = ["png", "jpeg", "webp", "gif", "mp4"] as const

/** A media type, which is also the extension of its links. */
export type MediaType = (typeof mediaTypes)[number]

/** A file with the headers that describe it. */
export interface ServedFile {
  readonly contentType: string
  readonly body: Uint8Array | ByteSource
  readonly etag: string
  readonly lastModified: string
}

/** The result files. */
export interface MediaLibrary {
  /**
   * A file of a type: the sample, or one of so many bytes. Revision 0 is the file itself, another one is another file,
   * of the same length if a length is given.
   */
  readonly file: (type: MediaType, size?: number, revision?: number) => ServedFile
  /** The bytes of revision 0 in base64. */
  readonly base64: (type: MediaType, size?: number) => string
  /** The SHA-256 of a file in hex, made in pieces. */
  readonly digest: (type: MediaType, size?: number, revision?: number) => Promise<string>
}

/** The fewest bytes that a padded file can have; every sample has less. */
export const smallestPadded = 32_768

const contentTypes: Record<MediaType, string> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  mp4: "video/mp4"
}

// One folder up from this module, both in src/ and in dist/.
const folder = new URL("../media/", import.meta.url)

const firstModified = Date.UTC(2025, 9, 6, 15, 14, 11)
const hour = 3_600_000

/** Bytes by which a revised sample is longer than the sample. */
const revisionPadding = 1024

const etagOf = (words: Uint8Array | string): string =>
  `"${createHash("sha256").update(words).digest("hex").slice(0, 32)}"`

/** The sample as the beginning of a file of this size: two types tell in their first bytes what follows. */
const adapted = (type: MediaType, sample: Buffer, size: number, revision: number): Buffer => {
  const copy = Buffer.from(sample)
  if (type === "webp") copy.writeUInt32LE(Math.floor((size - 8) / 2) * 2, 4)
  // The minor version of the brand, which players ignore.
  if (type === "mp4") copy.writeUInt32BE((copy.readUInt32BE(12) + revision) % 2 ** 32, 12)
  return copy
}

const padded = (type: MediaType, sample: Buffer, size: number, revision: number): ByteSource => {
  const file = adapted(type, sample, size, revision)
  const place = paddingPlace(type, file)
  const padding = makePadding(type, size - file.length, revision)
  return joined([file.subarray(0, place), padding, file.subarray(place)])
}

const makeFile = (
  type: MediaType,
  sample: Buffer,
  size: number | undefined,
  revision: number
): ServedFile => {
  const described = {
    contentType: contentTypes[type],
    // The files are fixed, so their validators hold across restarts.
    lastModified: new Date(firstModified + revision * hour).toUTCString()
  }
  if (size === undefined && revision === 0) return { ...described, body: sample, etag: etagOf(sample) }
  return {
    ...described,
    body: padded(type, sample, size ?? sample.length + revisionPadding, revision),
    etag: etagOf(`${etagOf(sample)} ${size} ${revision}`)
  }
}

/** Bytes to hash before others get their turn. */
const turn = 4_194_304

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })

const digestOf = async ({ body }: ServedFile): Promise<string> => {
  const sum = createHash("sha256")
  if (body instanceof Uint8Array) return sum.update(body).digest("hex")
  for (let at = 0; at < body.length; at += turn) {
    for (const piece of body.read(at, Math.min(at + turn, body.length))) sum.update(piece)
    await nextTurn()
  }
  return sum.digest("hex")
}

const bytesOf = ({ body }: ServedFile): Buffer =>
  Buffer.concat(body instanceof Uint8Array ? [body] : [...body.read(0, body.length)])

const remembered = <Value>(make: (type: MediaType, size?: number, revision?: number) => Value) => {
  const made = new Map<string, Value>()
  return (type: MediaType, size?: number, revision = 0): Value => {
    const name = `${type} ${size} ${revision}`
    const known = made.get(name)
    if (known !== undefined) return known
    const value = make(type, size, revision)
    made.set(name, value)
    return value
  }
}

/** Reads the samples. Rejects with the file system's error when the package lacks its `media` folder. */
export const loadMedia = async (): Promise<MediaLibrary> => {
  const load = (type: MediaType): Promise<Buffer> => readFile(new URL(`sample.${type}`, folder))
  const [png, jpeg, webp, gif, mp4] = await Promise.all([
    load("png"),
    load("jpeg"),
    load("webp"),
    load("gif"),
    load("mp4")
  ])
  const samples: Record<MediaType, Buffer> = { png, jpeg, webp, gif, mp4 }
  const file = remembered((type, size, revision = 0) => makeFile(type, samples[type], size, revision))
  const samplesInBase64 = remembered((type) => samples[type].toString("base64"))
  return {
    file,
    base64: (type, size) =>
      size === undefined ? samplesInBase64(type) : bytesOf(file(type, size)).toString("base64"),
    digest: remembered((type, size, revision) => digestOf(file(type, size, revision)))
  }
}
