import * as Schema from "effect/Schema"
import type { SavedFile } from "../save/SavedFile.ts"
import type { OutputJson } from "../task/toJson.ts"
import { formatVersion } from "./formatVersion.ts"
import { makeDecode } from "./makeDecode.ts"
import { makeEncode } from "./makeEncode.ts"
import { OutputFromJson } from "./OutputFromJson.ts"

/** A {@link SavedFile} as JSON. */
export interface SavedFileJson extends Omit<SavedFile, "output"> {
  /** The version of this format. */
  readonly version?: 1
  /** The output of the task that the file contains. */
  readonly output: OutputJson
}

/** The members of a saved file. */
export const savedFileFields = {
  path: Schema.String,
  url: Schema.optionalKey(Schema.String),
  bytes: Schema.Natural,
  sha256: Schema.String,
  mediaType: Schema.String,
  output: OutputFromJson,
  alreadySaved: Schema.Boolean
}

const codec = Schema.Struct({ version: formatVersion, ...savedFileFields })

/**
 * The codec of a saved file, for Effect. Decoding ignores unknown members.
 *
 * ```ts
 * const Response = Schema.Struct({ files: Schema.Array(SavedFileFromJson) })
 * const { files } = yield* Schema.decodeUnknownEffect(Response)(json)
 * ```
 */
export const SavedFileFromJson: Schema.Codec<SavedFile, SavedFileJson> = codec

/**
 * Converts a saved file to JSON.
 *
 * ```ts
 * const files = await gentask.save(ref, { dir: "out" })
 * return Response.json(files.map(encodeSavedFile))
 * ```
 *
 * @returns The JSON, with its format version.
 * @throws {InvalidJson} If the file is invalid, for example because a date is.
 */
export const encodeSavedFile: (file: SavedFile) => SavedFileJson = makeEncode(codec, "saved file")

/**
 * Restores a saved file from JSON.
 *
 * ```ts
 * const { path, sha256 } = decodeSavedFile(JSON.parse(text))
 * ```
 *
 * @param json The result of `encodeSavedFile`. Unknown members are ignored.
 * @throws {InvalidJson} If the JSON is not a saved file, or has a later format version.
 */
export const decodeSavedFile: (json: unknown) => SavedFile = makeDecode(codec, "saved file")
