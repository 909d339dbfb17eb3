/** The result files. They are real, decodable and the same on every run: small samples, and padded samples. */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { setImmediate } from "node:timers/promises"
import type { ByteSource } from "./ByteSource.ts"
import { concatenate } from "./ByteSource.ts"
import type { MediaFormat } from "./MediaFormat.ts"
import { makePadding, paddingOffset } from "./Padding.ts"

/** A file with the headers that describe it. */
export interface ServedFile {
  /** The value of Content-Type. */
  readonly contentType: string
  /** The content. */
  readonly body: Uint8Array | ByteSource
  /** A strong ETag. */
  readonly etag: string
  /** The value of Last-Modified. */
  readonly lastModified: string
}

/** The result files. */
export interface MediaLibrary {
  /**
   * A file: the sample of a format, or the sample padded to `size` bytes. Revision 0 is the original. Other revisions
   * are different files, of the same length if `size` is set.
   */
  readonly file: (format: MediaFormat, size?: number, revision?: number) => ServedFile
  /** The content of revision 0 in base64. */
  readonly base64: (format: MediaFormat, size?: number) => string
  /** The SHA-256 of a file in hex. */
  readonly digest: (format: MediaFormat, size?: number, revision?: number) => Promise<string>
}

const contentTypes: Record<MediaFormat, string> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  mp4: "video/mp4",
  wav: "audio/wav"
}

// The parent folder of this module, both in src/ and in dist/.
const folder = new URL("../media/", import.meta.url)

const firstModified = Date.UTC(2025, 9, 6, 15, 14, 11)
const hour = 3_600_000

/** Bytes that a revised sample has in addition to the sample. */
const revisionPadding = 1024

const etagOf = (content: Uint8Array | string): string =>
  `"${createHash("sha256").update(content).digest("hex").slice(0, 32)}"`

/** The sample as the start of a file of this size: two formats declare in their first bytes what follows. */
const adaptHeader = (format: MediaFormat, sample: Buffer, size: number, revision: number): Buffer => {
  const copy = Buffer.from(sample)
  if (format === "webp" || format === "wav") copy.writeUInt32LE(Math.floor((size - 8) / 2) * 2, 4)
  // The minor version of the brand, which players ignore.
  if (format === "mp4") copy.writeUInt32BE((copy.readUInt32BE(12) + revision) % 2 ** 32, 12)
  return copy
}

const pad = (format: MediaFormat, sample: Buffer, size: number, revision: number): ByteSource => {
  const file = adaptHeader(format, sample, size, revision)
  const offset = paddingOffset(format, file)
  const padding = makePadding(format, size - file.length, revision)
  return concatenate([file.subarray(0, offset), padding, file.subarray(offset)])
}

const makeFile = (
  format: MediaFormat,
  sample: Buffer,
  size: number | undefined,
  revision: number
): ServedFile => {
  const metadata = {
    contentType: contentTypes[format],
    // The files are fixed, so their validators stay valid across restarts.
    lastModified: new Date(firstModified + revision * hour).toUTCString()
  }
  if (size === undefined && revision === 0) return { ...metadata, body: sample, etag: etagOf(sample) }
  return {
    ...metadata,
    body: pad(format, sample, size ?? sample.length + revisionPadding, revision),
    etag: etagOf(`${etagOf(sample)} ${size} ${revision}`)
  }
}

/** Bytes to hash before the event loop continues. */
const hashedPerTick = 4_194_304

const digestOf = async ({ body }: ServedFile): Promise<string> => {
  const hash = createHash("sha256")
  if (body instanceof Uint8Array) return hash.update(body).digest("hex")
  for (let at = 0; at < body.length; at += hashedPerTick) {
    for (const chunk of body.read(at, Math.min(at + hashedPerTick, body.length))) hash.update(chunk)
    await setImmediate()
  }
  return hash.digest("hex")
}

const readAll = ({ body }: ServedFile): Buffer =>
  Buffer.concat(body instanceof Uint8Array ? [body] : [...body.read(0, body.length)])

const memoize = <Value>(compute: (format: MediaFormat, size?: number, revision?: number) => Value) => {
  const cache = new Map<string, Value>()
  return (format: MediaFormat, size?: number, revision = 0): Value => {
    const key = `${format} ${size} ${revision}`
    const cached = cache.get(key)
    if (cached !== undefined) return cached
    const value = compute(format, size, revision)
    cache.set(key, value)
    return value
  }
}

/** Reads the samples. Rejects with the file system's error if the `media` folder of the package is missing. */
export const loadMedia = async (): Promise<MediaLibrary> => {
  const load = (format: MediaFormat): Promise<Buffer> => readFile(new URL(`sample.${format}`, folder))
  const [png, jpeg, webp, gif, mp4, wav] = await Promise.all([
    load("png"),
    load("jpeg"),
    load("webp"),
    load("gif"),
    load("mp4"),
    load("wav")
  ])
  const samples: Record<MediaFormat, Buffer> = { png, jpeg, webp, gif, mp4, wav }
  const file = memoize((format, size, revision = 0) => makeFile(format, samples[format], size, revision))
  const sampleInBase64 = memoize((format) => samples[format].toString("base64"))
  return {
    file,
    base64: (format, size) =>
      size === undefined ? sampleInBase64(format) : readAll(file(format, size)).toString("base64"),
    digest: memoize((format, size, revision) => digestOf(file(format, size, revision)))
  }
}
