/** A folder of recordings: what is in it, and the meaning that is written into one of them. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { sentenceOf } from "./Check.ts"
import type { Meaning } from "./Expectation.ts"
import { readRecording } from "./Recording.ts"
import type { Recording } from "./Recording.ts"

/** A file of the folder. */
export interface RecordingFile {
  /** `done.json` */
  readonly name: string
  readonly path: string
  /** Its JSON as it is; undefined where it is none. */
  readonly json: unknown
  /** Undefined where it is none. */
  readonly recording: Recording | undefined
  /** Why it is no recording. */
  readonly problem: string | undefined
}

const readFile = (folder: string, name: string): RecordingFile => {
  const path = join(folder, name)
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as unknown
    const read = readRecording(json)
    return "source" in read
      ? { name, path, json, recording: read, problem: undefined }
      : { name, path, json, recording: undefined, problem: `${name} is no recording: ${read.join("; ")}.` }
  } catch (error) {
    // What the parser says quotes the text.
    const why = error instanceof SyntaxError ? "it holds no JSON" : sentenceOf(error)
    return { name, path, json: undefined, recording: undefined, problem: `${name} cannot be read: ${why}.` }
  }
}

/** Reads a folder, its files in order; a text is the folder's path. Answers what is wrong where there is none. */
export const readFolder = (folder: URL | string): ReadonlyArray<RecordingFile> | string => {
  const shown = String(folder)
  try {
    const path = shown.startsWith("file:") ? fileURLToPath(shown) : shown
    const names = readdirSync(path)
      .filter((name) => name.endsWith(".json"))
      .toSorted()
    if (names.length > 0) return names.map((name) => readFile(path, name))
    return `The folder ${shown} holds no recordings. Put one file for each state of a task there, such as running.json.`
  } catch (error) {
    return `The folder of recordings cannot be read: ${sentenceOf(error)}. Give its path, or a URL such as new URL("recordings/", import.meta.url).`
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source: string }) => unknown
const rawJson = (JSON as unknown as { readonly rawJSON: (text: string) => unknown }).rawJSON

/** Keeps numbers as they are written: an id of 19 digits is no number that JavaScript can hold. */
const keepNumbers: Reviver = (_key, value, { source }) =>
  typeof value === "number" ? rawJson(source) : value

/** Writes a meaning into a recording that has none; whatever else it holds stays. Answers whether it did. */
export const writeMeans = (path: string, means: Meaning): boolean => {
  const json = JSON.parse(
    readFileSync(path, "utf8"),
    keepNumbers as (key: string, value: unknown) => unknown
  ) as object
  if ("means" in json) return false
  writeFileSync(path, `${JSON.stringify({ ...json, means }, undefined, 2)}\n`)
  return true
}
