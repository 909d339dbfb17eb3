import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { operationNames } from "@gentask/testing"
import type { OperationRecording, Recording } from "@gentask/testing"

/** A file of recordings. */
interface RecordedFile<Content> {
  /** The file's name. */
  readonly name: string
  readonly recording: Content
}

const readFolder = (provider: string): ReadonlyArray<RecordedFile<Recording | OperationRecording>> => {
  const folder = fileURLToPath(new URL(`../packages/provider-${provider}/test/recordings/`, import.meta.url))
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ name, recording: JSON.parse(readFileSync(`${folder}${name}`, "utf8")) as Recording }))
}

const isOperation = (
  file: RecordedFile<Recording | OperationRecording>
): file is RecordedFile<OperationRecording> => operationNames.some((name) => name in file.recording)

/** Reads the recorded queries in the tests of a provider's package, with the names of their files. */
export const readRecordings = (provider: string): ReadonlyArray<RecordedFile<Recording>> =>
  readFolder(provider).filter((file): file is RecordedFile<Recording> => !isOperation(file))

/** Reads the recordings of submits and other operations. */
export const readOperationRecordings = (provider: string): ReadonlyArray<RecordedFile<OperationRecording>> =>
  readFolder(provider).filter(isOperation)
