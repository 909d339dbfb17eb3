/** Files in the request of a submit. */

/** A file in JSON. It may be anywhere in a request where gentask accepts media. */
export interface InlineFile {
  /** The bytes in base64. */
  readonly base64: string
  /** The file's name. @default a name after the media type */
  readonly name?: string
}

/** Checks whether a value is a file in JSON. */
export const isInlineFile = (value: object): value is InlineFile =>
  "base64" in value &&
  typeof value.base64 === "string" &&
  Object.keys(value).every((key) => key === "base64" || key === "name") &&
  (!("name" in value) || typeof value.name === "string")

/** Replaces the files of a request with `Blob`s, as core's submits expect them. */
export const decodeInlineFiles = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(decodeInlineFiles)
  if (isInlineFile(value)) {
    const bytes = Buffer.from(value.base64, "base64")
    return value.name === undefined ? new Blob([bytes]) : new File([bytes], value.name)
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, decodeInlineFiles(member)]))
}
