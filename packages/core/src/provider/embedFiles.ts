import { embedFile } from "./InputFile.ts"
import type { EmbeddedFile, InputFile } from "./InputFile.ts"
import { mapFiles } from "./mapFiles.ts"

/**
 * Places all files of an input into the JSON body: for vendors that have no upload.
 *
 * ```ts
 * request: ({ model, input }) => ({ method: "POST", path: "/videos", body: { model, ...embedFiles(input, "data-url") } })
 * ```
 *
 * @param input The input, or a part of it.
 * @param as How a file is written. @default "base64"
 * @param accepts Which files the vendor takes this way. Core rejects a request with any other file. @default all
 */
export const embedFiles = <Input>(
  input: Input,
  as: EmbeddedFile["as"] = "base64",
  accepts: (file: InputFile) => boolean = () => true
): Input =>
  mapFiles(input, (file) =>
    file._tag === "InputFile" && accepts(file) ? embedFile(file, as) : file
  ) as Input
