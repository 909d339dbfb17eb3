/** The result files: small, real, decodable, and the same on every run. */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"

/** The media types that a task can result in. */
export const mediaTypes = ["png", "jpeg", "webp", "gif", "mp4"] as const

/** A media type, which is also the extension of its links. */
export type MediaType = (typeof mediaTypes)[number]

/** A result file with the headers that describe it. */
export interface MediaFile {
  readonly type: MediaType
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly base64: string
  readonly etag: string
}

/** The result files by type. */
export type MediaLibrary = Readonly<Record<MediaType, MediaFile>>

/** What every result file says of its age: the files are fixed, so validators hold across restarts. */
export const lastModified = "Mon, 06 Oct 2025 15:14:11 GMT"

const contentTypes: Record<MediaType, string> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  mp4: "video/mp4"
}

// One folder up from this module, both in src/ and in dist/.
const folder = new URL("../media/", import.meta.url)

const load = async (type: MediaType): Promise<MediaFile> => {
  const bytes = await readFile(new URL(`sample.${type}`, folder))
  return {
    type,
    contentType: contentTypes[type],
    bytes,
    base64: bytes.toString("base64"),
    etag: `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`
  }
}

/** Reads every result file. Rejects with the file system's error when the package lacks its `media` folder. */
export const loadMedia = async (): Promise<MediaLibrary> => {
  const [png, jpeg, webp, gif, mp4] = await Promise.all([
    load("png"),
    load("jpeg"),
    load("webp"),
    load("gif"),
    load("mp4")
  ])
  return { png, jpeg, webp, gif, mp4 }
}
