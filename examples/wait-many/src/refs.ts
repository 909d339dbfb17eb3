/** Reads the list of refs, and writes the refs that are left for the next run. */
import { readFile, rename, rm, writeFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import { InvalidTaskRef, TaskRef } from "@gentask/core"

/** Returns a ref in its canonical form, which results contain too. Returns any other text unchanged. */
const toCanonical = (line: string): string => {
  try {
    return TaskRef.format(TaskRef.parse(line))
  } catch (error) {
    if (error instanceof InvalidTaskRef) return line
    throw error
  }
}

/** Reads refs, one per line, from a file or, for `-`, from the standard input. Removes duplicates. */
export const readRefs = async (source: string): Promise<ReadonlyArray<string>> => {
  const list = source === "-" ? await text(process.stdin) : await readFile(source, "utf8")
  const lines = list.split(/\r?\n/).map((line) => line.trim())
  return [...new Set(lines.filter((line) => line !== "" && !line.startsWith("#")).map(toCanonical))]
}

/** Replaces the file with a list of refs, and removes it if the list is empty. The file is never incomplete. */
export const writeRefs = async (path: string, refs: Iterable<string>): Promise<void> => {
  const list = [...refs]
  if (list.length === 0) return rm(path, { force: true })
  await writeFile(`${path}.new`, `${list.join("\n")}\n`)
  await rename(`${path}.new`, path)
}
