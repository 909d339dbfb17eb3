/** Stores uploaded files and serves them. */
import { createHash, randomUUID } from "node:crypto"
import { credentialIn } from "../vendors/credentials.ts"
import type { EmulatorRequest } from "../vendors/VendorFormat.ts"
import type { Service } from "../vendors/vendorNames.ts"
import { jsonResponse } from "../WireResponse.ts"
import type { WireResponse } from "../WireResponse.ts"

/** An uploaded file. */
export interface UploadedFile {
  /** The vendor that received it. */
  readonly service: Service
  /** The API key of the upload. For a signed upload URL, the key that requested the URL. */
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
  /** What a submit names the file by: a link, or the vendor's reference, such as `runway://…`. */
  readonly reference: string
  /** When it was uploaded, in milliseconds since 1970. */
  readonly at: number
}

/** What is known about a file before its content. */
export interface NewUploadUrl extends Pick<UploadedFile, "service" | "apiKey" | "name" | "mediaType"> {
  /** What a submit names the file by. @default the link to the file */
  readonly reference?: string | undefined
  /** Milliseconds that the link to the file works for. @default 3 days */
  readonly lifetime?: number | undefined
  /** The HTTP method of the upload. @default "PUT" */
  readonly method?: "PUT" | "POST" | undefined
  /** The form fields that the upload must repeat. The file is the field `file`. @default the body is the file */
  readonly fields?: Readonly<Record<string, string>> | undefined
  /** The response to the upload. @default HTTP 200 without a body */
  readonly respond?: ((file: UploadedFile) => WireResponse) | undefined
}

/** A file to store. */
export interface NewUpload extends Pick<
  NewUploadUrl,
  "service" | "apiKey" | "name" | "mediaType" | "reference" | "lifetime"
> {
  /** The content. */
  readonly content: Uint8Array
}

/** A URL that accepts one file without an API key. */
export interface UploadUrl {
  /** Where the file is uploaded, at the emulator's second origin. */
  readonly uploadUrl: string
  /** The link to the file after the upload. */
  readonly url: string
  /** What a submit names the file by. */
  readonly reference: string
}

/** The uploaded files. */
export interface UploadStore {
  /** Stores a file. */
  readonly add: (upload: NewUpload) => UploadedFile
  /** Creates a signed upload URL. An upload with a credential gets HTTP 400: the key must not reach the storage. */
  readonly createUrl: (upload: NewUploadUrl) => UploadUrl
  /** The files, oldest first. */
  readonly read: () => readonly UploadedFile[]
  /** The file with a reference, unless it has expired. */
  readonly find: (reference: string) => UploadedFile | undefined
  /** Removes a file. Returns whether it existed. */
  readonly remove: (reference: string) => boolean
  /** The largest body in bytes, if the path is that of an upload URL. */
  readonly maxBodySize: (path: string) => number | undefined
  /** The response to a request for a file, or to an upload. Undefined if the path belongs to neither. */
  readonly handle: (request: EmulatorRequest) => WireResponse | undefined
}

/** Milliseconds that links to uploads work for. Documented: about 3 days (Jimmy, kie.ai). */
const defaultLifetime = 3 * 24 * 3_600_000

/** The largest file at an upload URL in bytes. */
const maxUploadSize = 512 * 1_048_576

const refuse = (error: string): WireResponse => jsonResponse(400, { error })

interface StoredFile {
  readonly file: UploadedFile
  readonly content: Uint8Array
  readonly expiresAt: number
}

const isLive = (stored: StoredFile | undefined): stored is StoredFile =>
  stored !== undefined && Date.now() <= stored.expiresAt

/** The content of an upload, or what is wrong with it. */
const contentOf = (
  { bytes = new Uint8Array(), form }: EmulatorRequest,
  { fields }: NewUploadUrl
): Uint8Array | string => {
  if (fields === undefined) return bytes
  const wrong = Object.entries(fields).find(([name, value]) => form?.get(name)?.content !== value)
  if (wrong !== undefined)
    return `The form field "${wrong[0]}" must have the value that was returned with the URL.`
  const content = form?.get("file")?.content
  return content === undefined || typeof content === "string" ? 'The form needs the field "file".' : content
}

/** Creates an empty store. Links start with `origin`, and upload URLs with `uploadOrigin`. */
export const makeUploadStore = (
  origin: string,
  uploadOrigin: string,
  apiKeys: ReadonlySet<string>
): UploadStore => {
  const files = new Map<string, StoredFile>()
  const urls = new Map<string, { readonly path: string; readonly upload: NewUploadUrl }>()

  const store = (
    path: string,
    { content, lifetime = defaultLifetime, ...upload }: NewUpload
  ): UploadedFile => {
    const { service, apiKey, name, mediaType } = upload
    const digest = createHash("sha256").update(content).digest("hex")
    const url = origin + path
    const reference = upload.reference ?? url
    const at = Date.now()
    const file = { service, apiKey, name, mediaType, size: content.length, digest, url, reference, at }
    files.set(path, { file, content, expiresAt: at + lifetime })
    return file
  }

  const newPath = (name: string): string => `/uploads/${randomUUID()}/${encodeURIComponent(name)}`

  const receive = (
    request: EmulatorRequest,
    { path, upload }: { readonly path: string; readonly upload: NewUploadUrl }
  ): WireResponse => {
    const { method = "PUT", fields, respond } = upload
    if (request.method !== method) return refuse(`The upload URL accepts ${method} only.`)
    const credential = credentialIn(request, apiKeys)
    if (credential !== undefined) {
      return refuse(`The upload URL is signed and must not receive an API key: remove ${credential}.`)
    }
    const content = contentOf(request, upload)
    if (typeof content === "string") return refuse(content)
    const type = fields === undefined ? request.headers["content-type"] : request.form?.get("file")?.type
    const file = store(path, { ...upload, mediaType: type ?? upload.mediaType, content })
    return respond?.(file) ?? { status: 200, headers: {}, body: "" }
  }

  return {
    add: (upload) => store(newPath(upload.name), upload),
    createUrl: (upload) => {
      const path = newPath(upload.name)
      const uploadPath = `/upload-urls/${randomUUID()}`
      urls.set(uploadPath, { path, upload })
      const url = origin + path
      return { uploadUrl: `${uploadOrigin}${uploadPath}`, url, reference: upload.reference ?? url }
    },
    read: () => Array.from(files.values(), ({ file }) => file),
    find: (reference) =>
      [...files.values()].find((stored) => stored.file.reference === reference && isLive(stored))?.file,
    remove: (reference) => {
      const found = [...files].find(([, { file }]) => file.reference === reference)
      return found !== undefined && files.delete(found[0])
    },
    maxBodySize: (path) => (urls.has(path) ? maxUploadSize : undefined),
    handle: (request) => {
      const target = urls.get(request.path)
      if (target !== undefined) return receive(request, target)
      const stored = request.method === "GET" ? files.get(request.path) : undefined
      if (!isLive(stored)) return undefined
      return { status: 200, headers: { "content-type": stored.file.mediaType }, body: stored.content }
    }
  }
}
