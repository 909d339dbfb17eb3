/** What vendors answered, as the tests of the providers' packages hold it. */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Recording } from "@gentask/core/testing"

/** A provider's recordings, by the names of their files. */
export const recordingsOf = (
  provider: string
): ReadonlyArray<{ readonly name: string; readonly recording: Recording }> => {
  const folder = fileURLToPath(new URL(`../packages/provider-${provider}/test/recordings/`, import.meta.url))
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ name, recording: JSON.parse(readFileSync(`${folder}${name}`, "utf8")) as Recording }))
}
