import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { errorMessage } from "../errorMessage.ts"
import type { OperationRecording } from "./OperationRecording.ts"
import { parseRecording } from "./parseRecording.ts"
import type { Recording } from "./Recording.ts"

/** A file of the recordings folder. */
export interface RecordingFile {
  /** The file's name: `done.json`. */
  readonly name: string
  /** The file's path. */
  readonly path: string
  /** The parsed JSON. Undefined if the file is not JSON. */
  readonly json: unknown
  /** Undefined if the file is not a valid recording of a query. */
  readonly recording: Recording | undefined
  /** Undefined if the file is not a valid recording of another operation than a query. */
  readonly operation: OperationRecording | undefined
  /** Why the file is not a valid recording. */
  readonly problem: string | undefined
}

/** The files of the recordings folder, or why there are none. */
export type RecordingFolder =
  | { readonly ok: true; readonly files: ReadonlyArray<RecordingFile> }
  | { readonly ok: false; readonly problem: string }

const readFile = (folder: string, name: string): RecordingFile => {
  const path = join(folder, name)
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as unknown
    const parsed = parseRecording(json)
    return parsed.ok
      ? { name, path, json, recording: parsed.recording, operation: parsed.operation, problem: undefined }
      : {
          name,
          path,
          json,
          recording: undefined,
          operation: undefined,
          problem: `${name} is not a valid recording. ${parsed.problems.join("; ")}.`
        }
  } catch (error) {
    // The parser's message quotes the text, which may contain a secret.
    const reason = error instanceof SyntaxError ? "it is not JSON" : errorMessage(error)
    return {
      name,
      path,
      json: undefined,
      recording: undefined,
      operation: undefined,
      problem: `${name} cannot be read: ${reason}.`
    }
  }
}

/**
 * Reads every `.json` file of a folder, in alphabetical order.
 *
 * @param folder A path, a `file:` URL, or the text of one.
 */
export const readRecordings = (folder: URL | string): RecordingFolder => {
  const location = String(folder)
  try {
    const path = location.startsWith("file:") ? fileURLToPath(location) : location
    const files = readdirSync(path)
      .filter((name) => name.endsWith(".json"))
      .toSorted()
      .map((name) => readFile(path, name))
    return files.length > 0
      ? { ok: true, files }
      : {
          ok: false,
          problem: `The folder ${location} contains no recordings. Add one file for each state of a task, such as running.json.`
        }
  } catch (error) {
    return {
      ok: false,
      problem: `The recordings folder cannot be read: ${errorMessage(error)}. Pass its path, or a URL such as new URL("recordings/", import.meta.url).`
    }
  }
}
