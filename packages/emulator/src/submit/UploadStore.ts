/** Stores uploaded files and serves them. */
import { createHash, randomUUID } from "node:crypto"
import type { WireResponse } from "../WireResponse.ts"
import type { Service } from "../TaskScript.ts"

/** An uploaded file. */
export interface UploadedFile {
  /** The vendor that received it. */
  readonly service: Service
  /** The API key of the upload. */
  readonly apiKey: string
  /** The file name. */
  readonly name: string
  /** The media type, as the client sent it. */
  readonly mediaType: string
  /** The size in bytes. */
  readonly size: number
  /** The SHA-256 in hex. */
  readonly digest: string
  /** The link to the file. */
  readonly url: string
  /** When it was uploaded, in milliseconds since 1970. */
  readonly at: number
}

/** A file to store. */
export interface NewUpload extends Pick<UploadedFile, "service" | "apiKey" | "name" | "mediaType"> {
  /** The content. */
  readonly content: Uint8Array
}

/** The uploaded files. */
export interface UploadStore {
  /** Stores a file. */
  readonly add: (upload: NewUpload) => UploadedFile
  /** The files, oldest first. */
  readonly read: () => readonly UploadedFile[]
  /** The response to a request for a file. Undefined if the path is not that of a file. */
  readonly serve: (path: string) => WireResponse | undefined
}

/** Milliseconds that links to uploads work for. Documented: about 3 days (Jimmy, kie.ai). */
const lifetime = 3 * 24 * 3_600_000

/** Creates an empty store whose links start with `origin`. */
export const makeUploadStore = (origin: string): UploadStore => {
  const files = new Map<string, { readonly file: UploadedFile; readonly content: Uint8Array }>()
  return {
    add: ({ content, ...upload }) => {
      const path = `/uploads/${randomUUID()}/${encodeURIComponent(upload.name)}`
      const digest = createHash("sha256").update(content).digest("hex")
      const file = { ...upload, size: content.length, digest, url: origin + path, at: Date.now() }
      files.set(path, { file, content })
      return file
    },
    read: () => Array.from(files.values(), ({ file }) => file),
    serve: (path) => {
      const stored = files.get(path)
      if (stored === undefined || Date.now() - stored.file.at > lifetime) return undefined
      return { status: 200, headers: { "content-type": stored.file.mediaType }, body: stored.content }
    }
  }
}
