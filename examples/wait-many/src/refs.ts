/** The list of refs: where it comes from, and what is left of it for another run. */
import { readFile, rename, rm, writeFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import { InvalidTaskRef, TaskRef } from "@gentask/core"

/** A ref as gentask writes it, so that what a wait tells about can be found in the list; any other text as it is. */
const canonical = (line: string): string => {
  try {
    return TaskRef.format(TaskRef.parse(line))
  } catch (error) {
    if (error instanceof InvalidTaskRef) return line
    throw error
  }
}

/** Reads refs, one on a line, from a file or, for `-`, from the standard input. Each is listed once. */
export const readRefs = async (source: string): Promise<ReadonlyArray<string>> => {
  const list = source === "-" ? await text(process.stdin) : await readFile(source, "utf8")
  const lines = list.split(/\r?\n/).map((line) => line.trim())
  return [...new Set(lines.filter((line) => line !== "" && !line.startsWith("#")).map(canonical))]
}

/** Writes the refs that are left, or removes the file when none are: the file is whole, or it is the one of before. */
export const writeRefs = async (path: string, refs: Iterable<string>): Promise<void> => {
  const list = [...refs]
  if (list.length === 0) return rm(path, { force: true })
  await writeFile(`${path}.new`, `${list.join("\n")}\n`)
  await rename(`${path}.new`, path)
}
