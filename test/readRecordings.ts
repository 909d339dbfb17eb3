import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { operationNames } from "@gentask/testing"
import type { Recording } from "@gentask/testing"

/** Reads the recorded queries in the tests of a provider's package, with the names of their files. */
export const readRecordings = (
  provider: string
): ReadonlyArray<{ readonly name: string; readonly recording: Recording }> => {
  const folder = fileURLToPath(new URL(`../packages/provider-${provider}/test/recordings/`, import.meta.url))
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ name, recording: JSON.parse(readFileSync(`${folder}${name}`, "utf8")) as Recording }))
    .filter(({ recording }) => !operationNames.some((name) => name in recording))
}
