import type { RequestBody } from "../provider/RequestSpec.ts"
import { encodeMultipart } from "./encodeMultipart.ts"
import { bytesOf } from "./FileSource.ts"
import type { FileSource } from "./FileSource.ts"

/** A body as it is sent. */
export interface EncodedBody {
  /** The text of JSON or of a form, which providers sign. */
  readonly text?: string | undefined
  /** The body of a multipart form or a file. */
  readonly payload?: Blob | undefined
  /** The media type. It replaces that of the provider only if it `isRequired`. */
  readonly contentType?: string | undefined
  /** Whether the body cannot be read with another media type. */
  readonly isRequired?: boolean
}

/** A provider described a request that cannot be sent. */
export class InvalidRequestSpec extends Error {
  override readonly name = "InvalidRequestSpec"
}

const kinds = ["body", "form", "multipart", "file"] as const

/**
 * Encodes the body of a request.
 *
 * @param files The bytes of the files in it. Those inside JSON must have been replaced by {@link encodeEmbeddedFiles}.
 * @throws {InvalidRequestSpec} If the request has several bodies.
 * @throws {FileError} If the bytes of a file are missing.
 */
export const encodeBody = (request: RequestBody, files: FileSource): EncodedBody => {
  const { body, form, multipart, file } = request
  if (form === undefined && multipart === undefined && file === undefined)
    return body === undefined ? {} : { text: JSON.stringify(body), contentType: "application/json" }
  const present = kinds.filter((kind) => request[kind] !== undefined)
  if (present.length > 1)
    throw new InvalidRequestSpec(`has several bodies: ${present.join(" and ")}. Only one is allowed`)
  if (form !== undefined)
    return { text: new URLSearchParams(form).toString(), contentType: "application/x-www-form-urlencoded" }
  if (multipart !== undefined) return { ...encodeMultipart(multipart, files), isRequired: true }
  return file === undefined ? {} : { payload: bytesOf(file, files), contentType: file.mediaType }
}

/** Adds the media type of a body to the headers of its request, whose names are in lower case. */
export const withContentType = (
  headers: Readonly<Record<string, string>>,
  { contentType, isRequired = false }: EncodedBody
): Readonly<Record<string, string>> =>
  contentType === undefined || (!isRequired && headers["content-type"] !== undefined)
    ? headers
    : { ...headers, "content-type": contentType }
