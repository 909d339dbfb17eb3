import { isInlineFile } from "../api/InlineFile.ts"

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** A file in a request that cannot be used. */
export interface FileProblem {
  /** The dotted path in the request. */
  readonly path: string
  readonly message: string
}

/** Node ignores invalid characters, and the vendor would charge for a broken file. */
const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z\d+/]+={0,2}$/.test(text)

const problemOf = (value: object): string | undefined => {
  if ("path" in value && typeof value.path === "string" && Object.keys(value).length === 1)
    return "files on the tracker's machine cannot be used. Send a URL, or the file as { base64, name }"
  if (isInlineFile(value) && !isBase64(value.base64))
    return "base64 must be the bytes of a file in base64, with padding"
  return undefined
}

/**
 * Returns a file in a request that cannot be used. Core reads `{ path }` as a file, and a client must not read the
 * tracker's files.
 */
export const findFileProblem = (value: unknown, path = ""): FileProblem | undefined => {
  if (!isObject(value)) return undefined
  const message = problemOf(value)
  if (message !== undefined) return { path, message }
  for (const [key, member] of Object.entries(value)) {
    const found = findFileProblem(member, path === "" ? key : `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}
