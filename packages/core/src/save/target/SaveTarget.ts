/**
 * The port to a place that stores finished files elsewhere than in a local folder, such as an object store. It consists of
 * plain functions and promises, so that a target works with every copy of core, as in a bundle.
 */

/** A request of a target. Redirects are never followed: a target decides where its credentials go. */
export interface TargetRequest {
  /** The HTTP method. */
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE"
  /** The address, without credentials. */
  readonly url: URL
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** @default no body */
  readonly body?: string | undefined
  /** A body that is streamed, such as a slice of `openAsBlob(path)`. */
  readonly payload?: Blob | undefined
}

/** A complete response. */
export interface TargetResponse {
  /** The HTTP status. */
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text. */
  readonly text: string
}

/** A response whose body is read by the target. */
export interface TargetDownload extends Omit<TargetResponse, "text"> {
  /** Can be read once. Each chunk is valid until the next one is requested. */
  readonly body: AsyncIterable<Uint8Array>
  /** Ends the request. Must be called, also after the body was read. */
  readonly close: () => Promise<void>
}

/**
 * Sends the requests of a target by the transport of the client, with its proxies and timeouts. Both functions reject if no
 * complete response arrives, with an error whose message has no credentials, or with the reason of the signal.
 */
export interface TargetTransport {
  /** Sends a request once, and reads the response, of at most 8 MiB. */
  readonly send: (request: TargetRequest, signal: AbortSignal) => Promise<TargetResponse>
  /** Sends a GET request, and resolves when the head of the response arrives. */
  readonly open: (
    request: Pick<TargetRequest, "url" | "headers">,
    signal: AbortSignal
  ) => Promise<TargetDownload>
}

/**
 * What is stored under a name.
 *
 * - `absent`: nothing
 * - `complete`: the file that the manifest describes
 * - `unfinished`: a file that gentask has stored, but whose manifest is missing or describes another file. It may be replaced
 * - `foreign`: anything else
 */
export type TargetState = "absent" | "complete" | "unfinished" | "foreign"

/** The part of a manifest that verifies a stored file. */
export interface TargetDigest {
  /** The size in bytes. */
  readonly bytes: number
  /** SHA-256 digest in hexadecimal. */
  readonly sha256: string
}

/** A complete, verified local file that is to be stored. */
export interface TargetFile extends TargetDigest {
  /** The name of the file, without folders. Its manifest is stored as `<name>.json`. */
  readonly name: string
  /** The local path. The file does not change while it is stored. */
  readonly path: string
  /** The task ref. */
  readonly ref: string
  /** The media type, such as `image/png`. */
  readonly mediaType: string
  /** The text of the manifest, which is JSON. */
  readonly manifest: string
}

/** A short text about an unfinished upload that survives a crash, for example its id. It must contain no credentials. */
export interface UploadNote {
  /** Returns the text that an earlier attempt has written; undefined if it is absent. */
  readonly read: () => Promise<string | undefined>
  /** Replaces the text. It is on the disk when the promise resolves. */
  readonly write: (text: string) => Promise<void>
  /** Removes the text, if there is one. */
  readonly remove: () => Promise<void>
}

/** How to store a file. */
export interface TargetPutOptions {
  /** Whether to replace a foreign file of the same name. */
  readonly overwrite: boolean
  /** Whether this process still has the lock of the output. */
  readonly isHeld: () => Promise<boolean>
  /** Remembers an upload that is not finished. */
  readonly note: UploadNote
  /** Aborted if saving is interrupted. The promise must settle soon after. */
  readonly signal: AbortSignal
  /** Called after a failed attempt that is followed by another, with the reason. */
  readonly onRetry: (reason: string) => void
}

/**
 * The result of storing a file.
 *
 * - `stored`: the file and its manifest are stored
 * - `exists`: a foreign file has the name
 * - `superseded`: another process has stored a complete output under the name, or has taken over the lock
 */
export type TargetPutResult = "stored" | "exists" | "superseded"

/** A part of a stored file. `end` is included. */
export interface TargetRange {
  /** The first byte, from 0. */
  readonly start: number
  /** The last byte. */
  readonly end: number
}

/**
 * The error that a method of a target rejects with. Others are accepted, too: those may repeat.
 *
 * The message is a clause without a period, such as `the bucket does not exist`.
 */
export interface TargetError extends Error {
  /** Whether the same call may succeed later. @default true */
  readonly isRetryable?: boolean | undefined
  /** The status of the response that the error is about. */
  readonly httpStatus?: number | undefined
}

/** A target that can be used. All names are names of files without folders. */
export interface TargetConnection {
  /** The address of a file, such as `s3://bucket/prefix/name.png`. The path of the saved file. */
  readonly locationOf: (name: string) => string
  /** The public URL of a file; undefined if the target has none. */
  readonly urlOf: (name: string) => string | undefined
  /** Returns the names that start with a prefix. */
  readonly list: (prefix: string, signal: AbortSignal) => Promise<ReadonlyArray<string>>
  /** Returns the content of a small text file, at most 8 MiB; undefined if it is absent. */
  readonly readText: (name: string, signal: AbortSignal) => Promise<string | undefined>
  /**
   * Compares a stored file with its manifest.
   *
   * @param digest Undefined if it has no manifest.
   */
  readonly check: (
    name: string,
    digest: TargetDigest | undefined,
    signal: AbortSignal
  ) => Promise<TargetState>
  /**
   * Stores a file, verifies it, and then stores its manifest. A file with a manifest is complete.
   *
   * An attempt that was killed or has failed may leave an unfinished upload. The next call for the same name resumes or
   * removes it.
   */
  readonly put: (file: TargetFile, options: TargetPutOptions) => Promise<TargetPutResult>
  /**
   * Opens a stored file for reading. Undefined if the file is absent or is not the one with the digest.
   *
   * @param range @default the whole file
   */
  readonly read: (
    name: string,
    digest: TargetDigest,
    range: TargetRange | undefined,
    signal: AbortSignal
  ) => Promise<TargetDownload | undefined>
}

/** A place that stores finished files, such as `s3Target({ url: "s3://bucket/prefix" })`. */
export interface SaveTarget {
  /** The address for messages, such as `s3://bucket/prefix`. Contains no credentials. */
  readonly url: string
  /** Identifies the place: different for places that share an address on different servers. Contains no credentials. */
  readonly id: string
  /** Uses a transport to reach the target. Sends nothing yet. */
  readonly connect: (transport: TargetTransport) => TargetConnection
}
