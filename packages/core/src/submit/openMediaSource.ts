/** Opens the media that users give as paths, bytes or streams. */
import { createHash } from "node:crypto"
import { openAsBlob } from "node:fs"
import { stat } from "node:fs/promises"
import { basename } from "node:path"
import type { InputFile } from "../provider/InputFile.ts"
import type { PathSource, StreamSource } from "../provider/MediaSource.ts"
import { recognizeMedia, sampleBytes } from "../save/download/recognizeMedia.ts"

/** A file that was opened: the handle that providers see, and its bytes. */
export interface OpenedFile {
  readonly file: InputFile
  /** The bytes. Those of a path are read when they are needed. */
  readonly blob: Blob
  /** The SHA-256 digest of the bytes, in hexadecimal. */
  readonly sha256: string
}

/** A source that core has or can get the bytes of: all but URLs. */
export type FileSource = PathSource | StreamSource | Blob | Uint8Array

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const isPath = (value: object): value is PathSource =>
  "path" in value && typeof value.path === "string" && Object.keys(value).length === 1

const isStream = (value: object): value is StreamSource =>
  "stream" in value && isObject(value.stream) && Symbol.asyncIterator in value.stream

/** Checks whether a value is media that core opens. Other objects are the vendor's own input. */
export const isFileSource = (value: unknown): value is FileSource =>
  isObject(value) &&
  (value instanceof Blob || value instanceof Uint8Array || isPath(value) || isStream(value))

const openPath = async (path: string): Promise<Blob> => {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    // It may be base64 that was given as a path.
    if (error.code === "ENAMETOOLONG") throw new Error(`the path ${path.slice(0, 100)}… is too long`)
    throw new Error(
      error.code === "ENOENT" ? `there is no file ${path}` : `cannot read ${path} (${error.code})`
    )
  })
  if (!stats.isFile()) throw new Error(`${path} is not a file`)
  return openAsBlob(path)
}

const readStream = async ({ stream, size }: StreamSource): Promise<Blob> => {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new Error("the size of a stream must be a number of bytes")
  const chunks: Array<Uint8Array<ArrayBuffer>> = []
  let received = 0
  for await (const chunk of stream) {
    // Node's streams emit text if they have an encoding.
    if (!(chunk instanceof Uint8Array)) throw new Error("the stream contains something else than bytes")
    received += chunk.byteLength
    if (received > size) break
    chunks.push(Uint8Array.from(chunk))
  }
  if (received !== size)
    throw new Error(`the stream has ${received > size ? "more" : "fewer"} than ${size} bytes`)
  return new Blob(chunks)
}

const toBlob = (source: FileSource): Promise<Blob> => {
  if (source instanceof Blob) return Promise.resolve(source)
  // Copied, so that the caller cannot change the bytes while they are sent.
  if (source instanceof Uint8Array) return Promise.resolve(new Blob([Uint8Array.from(source)]))
  return "path" in source ? openPath(source.path) : readStream(source)
}

const nameOf = (source: FileSource): string => {
  if (source instanceof Uint8Array) return ""
  if ("path" in source) return basename(source.path)
  return "name" in source && typeof source.name === "string" ? basename(source.name) : ""
}

const digest = async (blob: Blob): Promise<string> => {
  const hash = createHash("sha256")
  for await (const chunk of blob.stream()) hash.update(chunk)
  return hash.digest("hex")
}

/**
 * Opens a file: reads its size, digest and media type.
 *
 * @throws {Error} If it cannot be read or is empty. The message is a part of a sentence.
 */
export const openMediaSource = async (source: FileSource, id: string): Promise<OpenedFile> => {
  const blob = await toBlob(source)
  if (blob.size === 0) throw new Error("the file is empty")
  const sample = Buffer.from(await blob.slice(0, sampleBytes).arrayBuffer())
  const declared = blob.type === "" ? undefined : blob.type
  const detected = await recognizeMedia(sample, declared)
  const mediaType = detected?.mediaType ?? declared ?? "application/octet-stream"
  const name = nameOf(source)
  const file: InputFile = Object.freeze({
    _tag: "InputFile",
    id,
    name: name === "" ? `file-${id}${detected === undefined ? "" : `.${detected.extension}`}` : name,
    mediaType,
    size: blob.size
  })
  return { file, blob, sha256: await digest(blob) }
}
