import type { InputFile } from "../provider/InputFile.ts"

/** The bytes of a submit's files, by the `id` of the `InputFile`. Blobs of files on disk are read while they are sent. */
export type FileSource = ReadonlyMap<string, Blob>

/** A file of a submit cannot be sent. Nothing of the request was sent. */
export class FileError extends Error {
  readonly _tag = "FileError"
  override readonly name = "FileError"
  readonly file: InputFile

  constructor(file: InputFile, message: string, options?: ErrorOptions) {
    super(message, options)
    this.file = file
  }
}

/**
 * Returns the bytes of a file.
 *
 * @throws {FileError} If they are missing, or have another size than the file.
 */
export const bytesOf = (file: InputFile, files: FileSource): Blob => {
  const blob = files.get(file.id)
  if (blob === undefined) throw new FileError(file, `The bytes of the file ${file.name} are missing.`)
  if (blob.size === file.size) return blob
  throw new FileError(file, `The file ${file.name} has ${blob.size} bytes instead of ${file.size}.`)
}
