import type { MultipartField } from "../provider/RequestSpec.ts"
import { bytesOf } from "./FileSource.ts"
import type { FileSource } from "./FileSource.ts"

/** Names of fields and files, as browsers write them (WHATWG HTML, "multipart/form-data encoding algorithm"). */
const escapeName = (name: string): string =>
  name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22")

const normalizeNewlines = (text: string): string => text.replace(/\r\n?|\n/g, "\r\n")

const mediaTypePattern = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:;[\x20-\x7e]*)?$/

const head = (name: string, parameters: string, headers = ""): string =>
  `Content-Disposition: form-data; name="${escapeName(normalizeNewlines(name))}"${parameters}\r\n${headers}\r\n`

const partOf = (field: MultipartField, files: FileSource): ReadonlyArray<string | Blob> => {
  if ("value" in field) return [head(field.name, ""), normalizeNewlines(field.value)]
  const { name, mediaType } = field.file
  const type = mediaTypePattern.test(mediaType) ? mediaType : "application/octet-stream"
  return [
    head(field.name, `; filename="${escapeName(name)}"`, `Content-Type: ${type}\r\n`),
    bytesOf(field.file, files)
  ]
}

/**
 * Encodes the fields of a form as `multipart/form-data`. The result refers to the files' bytes instead of copying them, and
 * knows its size. Node's `FormData` has neither: only as the body of a `fetch` it is streamed with a length.
 *
 * @throws {FileError} If the bytes of a file are missing.
 */
export const encodeMultipart = (
  fields: ReadonlyArray<MultipartField>,
  files: FileSource
): { readonly payload: Blob; readonly contentType: string } => {
  const boundary = `gentask-${crypto.randomUUID()}`
  const parts = fields.flatMap((field) => [`--${boundary}\r\n`, ...partOf(field, files), "\r\n"])
  return {
    payload: new Blob([...parts, `--${boundary}--\r\n`]),
    contentType: `multipart/form-data; boundary=${boundary}`
  }
}
