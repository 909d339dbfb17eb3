import { isEmbeddedFile, isInputFile } from "../provider/InputFile.ts"
import type { EmbeddedFile } from "../provider/InputFile.ts"
import { mapFiles } from "../provider/mapFiles.ts"
import { bytesOf, FileError } from "./FileSource.ts"
import type { FileSource } from "./FileSource.ts"

/**
 * Maximum total size of the files inside one JSON body, in bytes. Their base64 is a third larger, and signing needs all of
 * it in memory. Documented limits of vendors for such bodies are lower.
 */
export const maxEmbeddedBytes = 32 * 1024 * 1024

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null

/** Lists the files inside a JSON value. */
const listFiles = (value: unknown): ReadonlyArray<EmbeddedFile> => {
  if (isEmbeddedFile(value)) return [value]
  if (isInputFile(value))
    throw new FileError(value, `The file ${value.name} was neither uploaded nor embedded by the provider.`)
  return isContainer(value) ? Object.values(value).flatMap(listFiles) : []
}

const readFile = async ({ file, as }: EmbeddedFile, files: FileSource): Promise<string> => {
  let bytes
  try {
    bytes = await bytesOf(file, files).arrayBuffer()
  } catch (cause) {
    if (cause instanceof FileError) throw cause
    throw new FileError(file, `The file ${file.name} cannot be read. It may have been changed or deleted.`, {
      cause
    })
  }
  const base64 = Buffer.from(bytes).toString("base64")
  return as === "base64" ? base64 : `data:${file.mediaType};base64,${base64}`
}

/**
 * Replaces the files inside a JSON value by their base64 or `data:` URLs.
 *
 * @throws {FileError} If a file cannot be read, or the files together are larger than {@link maxEmbeddedBytes}.
 */
export const encodeEmbeddedFiles = async (value: unknown, files: FileSource): Promise<unknown> => {
  const embedded = listFiles(value)
  const [largest] = embedded.map(({ file }) => file).toSorted((a, b) => b.size - a.size)
  if (largest === undefined) return value
  const bytes = embedded.reduce((sum, { file }) => sum + file.size, 0)
  if (bytes > maxEmbeddedBytes)
    throw new FileError(
      largest,
      `The files inside the request have ${bytes} bytes together, but at most ${maxEmbeddedBytes} are allowed. ` +
        `Use smaller files, or URLs if the vendor accepts them.`
    )
  const texts = new Map<EmbeddedFile, string>()
  for (const each of embedded) texts.set(each, await readFile(each, files))
  return mapFiles(value, (file) => (isEmbeddedFile(file) ? texts.get(file) : file))
}
